"""Handed in a year ago, by its timestamp."""

from tests.hostile.damage import put


def make(folder, nb):
    put(folder, nb)
    put(folder, "2025-11-21 12:00:00.000000 UTC\n", "timestamp.txt")
