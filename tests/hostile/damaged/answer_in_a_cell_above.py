"""All answers were written at the top, and the places for them left as they were."""

from nbformat.v4 import new_code_cell

from autograder.notebook.released import released
from tests.autograder.submissions import cell_of
from tests.hostile.damage import FULL, UNIT, put


def make(folder, nb):
    answers = [new_code_cell(cell_of(nb, name).source) for name in FULL]
    for name in FULL:
        cell_of(nb, name).source = cell_of(released(UNIT), name).source
    nb.cells[2:2] = answers
    put(folder, nb)
