"""A name that begins and ends with a space."""

from tests.hostile.damage import put

STUDENT = " ada "


def make(folder, nb):
    put(folder, nb)
