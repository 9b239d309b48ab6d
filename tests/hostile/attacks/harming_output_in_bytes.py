"""Prints one line of 300 million characters, and as much on standard error."""

from tests.hostile.attack_tools import append

POINTS = {}  # a line that is too long to be kept costs nothing

CODE = """
import sys

print("x" * 300_000_000)
print("x" * 300_000_000, file=sys.stderr)
"""


def make(nb):
    append(nb, "one_hot", CODE)
