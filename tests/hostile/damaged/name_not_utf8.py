"""A name in Latin-1, which is no UTF-8."""

import os

from tests.hostile.damage import put

STATE = "unreadable"
SAYS = (
    "the folder's name is not UTF-8, or longer than 128 characters or 250 bytes "
    "(a Hangul syllable has three); rename it."
)
STUDENT = os.fsdecode(b"Ren\xe9")


def make(folder, nb):
    put(folder, nb)
