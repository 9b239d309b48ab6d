"""The browser added (1) to the name."""

from tests.hostile.damage import put

SAYS = "u01_rnn_cell (1).ipynb was graded, because u01_rnn_cell.ipynb is missing."


def make(folder, nb):
    put(folder, nb, "u01_rnn_cell (1).ipynb")
