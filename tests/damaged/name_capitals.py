"""A name that differs from another one only in its capitals."""

from tests.damage import put

STUDENT = "NAME_SPACES"


def make(folder, nb):
    put(folder, nb)
