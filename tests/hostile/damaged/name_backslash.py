"""A name with backslashes."""

from tests.hostile.damage import put

STUDENT = "ada\\..\\bea"


def make(folder, nb):
    put(folder, nb)
