"""The file holds nothing but white space."""

from tests.damage import put

STATE = "unreadable"
SAYS = "is empty; ask for the file again."


def make(folder, nb):
    put(folder, " \n" * 1000)
