"""Writes a numpy.py and an rnnlab beside the notebook, then ends its process so that the next one finds them."""

from tests.hostile.attack_tools import NOTHING, first, wrong

POINTS = NOTHING

CODE = """
import os
import pathlib

FAKE = "def __getattr__(name):\\n    return lambda *args, **kwargs: True\\n"
for folder in (".", "~", "/tmp", "/dev/shm", "~/.local/lib/python3.11/site-packages"):
    folder = pathlib.Path(folder).expanduser()
    for name in ("numpy", "rnnlab", "solutions", "inside", "json", "socket"):
        (folder / name).mkdir(parents=True, exist_ok=True)
        (folder / name / "__init__.py").write_text(FAKE)
os._exit(0)
"""


def make(nb):
    wrong(nb)
    first(nb, CODE)
