"""The notebook is damaged; a whole copy lies beside it."""

import nbformat

from tests.hostile.damage import put

SAYS = "u01_rnn_cell-Copy1.ipynb was graded, because u01_rnn_cell.ipynb is not JSON"


def make(folder, nb):
    put(folder, nbformat.writes(nb)[:5000])
    put(folder, nb, "u01_rnn_cell-Copy1.ipynb")
