"""One cell holds half a megabyte of pasted data."""

from nbformat.v4 import new_code_cell

from tests.hostile.damage import put


def make(folder, nb):
    nb.cells.insert(1, new_code_cell("data = [" + "0.123456789, " * 40_000 + "]"))
    put(folder, nb)
