"""Computes a number of a hundred million digits, in one step of the interpreter that holds its lock."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, "timeout")}
LIMITS = {"call": 1.0}

CODE = """
def softmax(z, axis=-1):
    return 3 ** (3 ** 20)
"""


def make(nb):
    put(nb, "softmax", CODE)
