"""Characters of code zero stand in a cell and in an id."""

import nbformat
from nbformat.v4 import new_code_cell

from tests.autograder.submissions import cell_of
from tests.hostile.damage import put


def make(folder, nb):
    cell_of(nb, "softmax").source += "\n# ZERO"
    nb.cells.append(new_code_cell("x = 1  # ZERO", id="ZERO"))
    put(folder, nbformat.writes(nb).replace("ZERO", "\\u0000"))
