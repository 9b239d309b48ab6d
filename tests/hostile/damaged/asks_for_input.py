"""A cell waits for the keyboard."""

from nbformat.v4 import new_code_cell

from tests.hostile.damage import put


def make(folder, nb):
    nb.cells.insert(2, new_code_cell("name = input('Your name: ')"))
    put(folder, nb)
