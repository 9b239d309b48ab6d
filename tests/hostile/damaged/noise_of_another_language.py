"""A cell is Python 2, and another one Java."""

from nbformat.v4 import new_code_cell

from tests.hostile.damage import put


def make(folder, nb):
    nb.cells[2:2] = [new_code_cell('print "done"'), new_code_cell("public static void main(String[] args) {}")]
    put(folder, nb)
