"""The file is empty."""

from tests.damage import put

STATE = "unreadable"
SAYS = "is empty; ask for the file again."


def make(folder, nb):
    put(folder, "")
