"""One cell holds five megabytes of pasted data."""

from nbformat.v4 import new_code_cell

from tests.hostile.damage import put

STATE = "unreadable"
SAYS = "characters in its cells, more than 2,000,000; ask the student to resubmit it without pasted data."


def make(folder, nb):
    nb.cells.insert(1, new_code_cell("data = [" + "0.123456789, " * 400_000 + "]"))
    put(folder, nb)
