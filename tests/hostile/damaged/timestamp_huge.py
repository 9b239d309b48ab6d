"""The timestamp is ten megabytes long."""

from tests.hostile.damage import put


def make(folder, nb):
    put(folder, nb)
    put(folder, "2025-11-21 12:00:00 UTC" + " " * 10_000_000, "timestamp.txt")
