"""The file holds nothing but white space."""

from tests.hostile.damage import put

STATE = "unreadable"
SAYS = "is empty; ask the student to resubmit it."


def make(folder, nb):
    put(folder, " \n" * 1000)
