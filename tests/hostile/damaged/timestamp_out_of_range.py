"""The timestamp lies before the invention of time."""

from tests.hostile.damage import put

SAYS = "timestamp.txt has no valid time; lateness was not determined."


def make(folder, nb):
    put(folder, nb)
    put(folder, "0000-00-00 99:99:99 +99:99", "timestamp.txt")
