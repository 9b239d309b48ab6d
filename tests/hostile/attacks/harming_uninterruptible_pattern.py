"""Matches a regular expression that takes longer than the universe will last."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, "timeout")}
LIMITS = {"call": 1.0}

CODE = """
def softmax(z, axis=-1):
    import re

    return re.match("(a*)*b", "a" * 1000)
"""


def make(nb):
    put(nb, "softmax", CODE)
