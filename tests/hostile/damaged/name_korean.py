"""A name in Korean."""

from tests.hostile.damage import put

STUDENT = "가나다"


def make(folder, nb):
    put(folder, nb)
