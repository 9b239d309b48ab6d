"""A name with backslashes."""

from tests.damage import put

STUDENT = "ada\\..\\bea"


def make(folder, nb):
    put(folder, nb)
