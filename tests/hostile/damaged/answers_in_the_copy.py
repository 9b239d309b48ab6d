"""The notebook is untouched; the answers are in the browser's copy beside it."""

import nbformat

from autograder.notebook.released import released
from tests.hostile.damage import UNIT, put

SAYS = "u01_rnn_cell (1).ipynb was graded, because u01_rnn_cell.ipynb is unchanged from the release."


def make(folder, nb):
    put(folder, nbformat.writes(released(UNIT)))
    put(folder, nb, "u01_rnn_cell (1).ipynb")
