"""The timestamp is no time."""

from tests.damage import put

SAYS = "timestamp.txt holds no time, so nobody knows whether this was late."


def make(folder, nb):
    put(folder, nb)
    put(folder, "yesterday evening, I think", "timestamp.txt")
