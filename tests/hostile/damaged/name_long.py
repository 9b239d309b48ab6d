"""A name of 128 characters, the longest that a gradebook has room for."""

from tests.hostile.damage import put

STUDENT = "a" * 128


def make(folder, nb):
    put(folder, nb)
