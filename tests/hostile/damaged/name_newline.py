"""A name with a line break and an escape sequence of terminals."""

from tests.hostile.damage import put

STUDENT = "ada\n\x1b[31mred"


def make(folder, nb):
    put(folder, nb)
