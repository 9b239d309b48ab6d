"""A name that differs from another one, "late", only in its capitals."""

from tests.hostile.damage import put

STUDENT = "LATE"


def make(folder, nb):
    put(folder, nb)
