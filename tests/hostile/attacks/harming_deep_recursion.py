"""Calls itself without end, in Python."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, {"error", "died", "memory", "timeout"})}

CODE = """
import sys

sys.setrecursionlimit(10**9)

def softmax(z, axis=-1):
    return softmax(z, axis)
"""


def make(nb):
    put(nb, "softmax", CODE)
