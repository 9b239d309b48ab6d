"""The timestamp is no text."""

from tests.hostile.damage import put

SAYS = "timestamp.txt has no valid time; lateness was not determined."


def make(folder, nb):
    put(folder, nb)
    put(folder, bytes(range(256)), "timestamp.txt")
