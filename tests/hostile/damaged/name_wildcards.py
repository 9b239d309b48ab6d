"""A name with the wildcards of file names."""

from tests.hostile.damage import put

STUDENT = "[a-z]*?{ada}"


def make(folder, nb):
    put(folder, nb)
