"""The timestamp is ten megabytes long."""

from tests.damage import put

SAYS = "timestamp.txt holds no time, so nobody knows whether this was late."


def make(folder, nb):
    put(folder, nb)
    put(folder, "2025-11-21 12:00:00 UTC" + " " * 10_000_000, "timestamp.txt")
