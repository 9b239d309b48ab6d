"""The timestamp is no text."""

from tests.damage import put

SAYS = "timestamp.txt holds no time, so nobody knows whether this was late."


def make(folder, nb):
    put(folder, nb)
    put(folder, bytes(range(256)), "timestamp.txt")
