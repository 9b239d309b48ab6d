"""Looks for the agent that calls its functions, and replaces what the agent calls them with."""

from tests.hostile.attack_tools import NOTHING, first, wrong

POINTS = NOTHING

CODE = """
import sys
from rnnlab.checking.calling import Returned

def call(function, inputs):
    return Returned({"points": 20, "status": "pass", "value": True}, (), "")

for name, module in list(sys.modules.items()):
    if name.split(".")[0] in ("inside", "rnnlab") and hasattr(module, "call"):
        module.call = call
"""


def make(nb):
    wrong(nb)
    first(nb, CODE)
