"""The file holds one number."""

from tests.hostile.damage import put

STATE = "unreadable"
SAYS = "is JSON, but not a notebook"


def make(folder, nb):
    put(folder, "20")
