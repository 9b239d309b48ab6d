"""A comment and an id hold half of an emoji."""

import nbformat
from nbformat.v4 import new_code_cell

from tests.autograder.submissions import cell_of
from tests.hostile.damage import put


def make(folder, nb):
    cell_of(nb, "softmax").source += "\n# HALF"
    nb.cells.append(new_code_cell("x = 'HALF'", id="HALF"))
    put(folder, nbformat.writes(nb).replace("HALF", "\\ud83d"))
