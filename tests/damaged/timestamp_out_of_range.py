"""The timestamp lies before the invention of time."""

from tests.damage import put

SAYS = "timestamp.txt holds no time, so nobody knows whether this was late."


def make(folder, nb):
    put(folder, nb)
    put(folder, "0000-00-00 99:99:99 +99:99", "timestamp.txt")
