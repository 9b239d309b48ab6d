"""A Korean name of 84 syllables: few letters, and more bytes than the files named after it have room for."""

from tests.hostile.damage import put

STATE = "unreadable"
SAYS = "longer than 128 characters or 250 bytes (a Hangul syllable has three); rename it."
STUDENT = "가" * 84


def make(folder, nb):
    put(folder, nb)
