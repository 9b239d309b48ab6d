"""Runs a command of the shell that prints for ever."""

from tests.hostile.attack_tools import append

POINTS = {"softmax": (0, {"output", "timeout"})}
LIMITS = {"cell": 4.0}

CODE = """
!yes
"""


def make(nb):
    append(nb, "softmax", CODE)
