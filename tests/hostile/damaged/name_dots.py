"""A name that begins like the parent folder."""

from tests.hostile.damage import put

STUDENT = "..ada"


def make(folder, nb):
    put(folder, nb)
