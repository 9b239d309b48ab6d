"""A name with spaces."""

from tests.damage import put

STUDENT = "Ada  King Lovelace"


def make(folder, nb):
    put(folder, nb)
