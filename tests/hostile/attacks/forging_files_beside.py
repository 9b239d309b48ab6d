"""Puts files beside the notebook that are named like NumPy, the course, the agent and Python's start files."""

from tests.hostile.attack_tools import NOTHING, first, wrong

POINTS = NOTHING

CHEAT = "def check(function): return 20\n\n\ndef __getattr__(name): return lambda *args, **kwargs: True\n"
NAMES = ("numpy", "rnnlab", "torch", "json", "inside", "solutions", "sitecustomize", "usercustomize", "conftest")
FILES = {
    **{f"{name}.py": CHEAT.encode() for name in NAMES},
    "rnnlab/__init__.py": CHEAT.encode(),
    "inside/agent.py": b"raise SystemExit",
    "start.pth": b"import cheat\n",
    "cheat.py": b"raise SystemExit\n",
    "ipython_config.py": b"raise SystemExit\n",
}
LOOK = """
import os, sys

import json, numpy, torch, rnnlab

for module in (json, numpy, torch, rnnlab):
    assert not module.__file__.startswith(os.getcwd()), module
assert "cheat" not in sys.modules
assert os.path.exists("cheat.py")
"""


def make(nb):
    wrong(nb)
    first(nb, LOOK)
