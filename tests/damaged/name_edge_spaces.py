"""A name that begins and ends with a space."""

from tests.damage import put

STUDENT = " ada "


def make(folder, nb):
    put(folder, nb)
