"""A Korean name of 83 syllables, the longest that the files named after it have room for."""

from tests.hostile.damage import put

STUDENT = "가" * 83


def make(folder, nb):
    put(folder, nb)
