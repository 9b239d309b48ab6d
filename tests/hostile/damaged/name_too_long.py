"""A name of 129 characters, for which a gradebook has no room."""

from tests.hostile.damage import put

STATE = "unreadable"
SAYS = (
    "the folder's name is not UTF-8, or longer than 128 characters or 250 bytes "
    "(a Hangul syllable has three); rename it."
)
STUDENT = "b" * 129


def make(folder, nb):
    put(folder, nb)
