"""The timestamp is no time."""

from tests.hostile.damage import put

SAYS = "timestamp.txt has no valid time; lateness was not determined."


def make(folder, nb):
    put(folder, nb)
    put(folder, "yesterday evening, I think", "timestamp.txt")
