"""Prints lines without end."""

from tests.hostile.attack_tools import append

POINTS = {"softmax": (0, {"timeout", "output"})}
LIMITS = {"cell": 2.0}

CODE = """
while True:
    print("y")
"""


def make(nb):
    append(nb, "softmax", CODE)
