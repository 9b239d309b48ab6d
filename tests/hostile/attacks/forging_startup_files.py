"""Leaves files that Python or IPython would run at their next start, then ends its process."""

from tests.hostile.attack_tools import NOTHING, first, wrong

POINTS = NOTHING

CODE = """
import os
import pathlib
import sys

START = "import builtins, rnnlab\\nbuiltins.check = rnnlab.check = lambda function: 20\\n"
site = f"~/.local/lib/python{sys.version_info[0]}.{sys.version_info[1]}/site-packages"
places = [
    f"{site}/sitecustomize.py", f"{site}/usercustomize.py", f"{site}/start.pth", "sitecustomize.py",
    "~/.ipython/profile_default/startup/00-start.py", "~/.ipython/profile_default/ipython_config.py",
    "~/.pythonrc.py", "~/.jupyter/jupyter_config.py", "pyvenv.cfg",
]
for place in places:
    path = pathlib.Path(place).expanduser()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(START)
os._exit(0)
"""
# The cell above is left out in the second process, which must find nothing of the first.
LOOK = """
import pathlib

assert not pathlib.Path("~/.pythonrc.py").expanduser().exists(), "files of the first process are still there"
assert "20" not in str(getattr(__builtins__, "check", ""))
"""


def make(nb):
    wrong(nb)
    first(nb, LOOK)
    first(nb, CODE)
