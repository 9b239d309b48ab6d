"""A name with spaces."""

from tests.hostile.damage import put

STUDENT = "Ada  King Lovelace"


def make(folder, nb):
    put(folder, nb)
