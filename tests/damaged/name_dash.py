"""A name that looks like an option."""

from tests.damage import put

STUDENT = "--help"


def make(folder, nb):
    put(folder, nb)
