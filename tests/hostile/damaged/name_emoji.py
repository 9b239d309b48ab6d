"""A name with an emoji of several characters."""

from tests.hostile.damage import put

STUDENT = "👩🏽‍💻 ada"


def make(folder, nb):
    put(folder, nb)
