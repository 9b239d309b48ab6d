"""A name whose accents are characters of their own, as macOS writes them."""

from tests.hostile.damage import put

STUDENT = "Rene\u0301"


def make(folder, nb):
    put(folder, nb)
