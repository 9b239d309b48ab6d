"""A name that looks like an option."""

from tests.hostile.damage import put

STUDENT = "--help"


def make(folder, nb):
    put(folder, nb)
