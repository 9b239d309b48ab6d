"""A name with percent signs and braces, as formats have them."""

from tests.hostile.damage import put

STUDENT = "%s %(x)d {0} {x}"


def make(folder, nb):
    put(folder, nb)
