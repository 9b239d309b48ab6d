"""The name is in capitals."""

from tests.hostile.damage import put

SAYS = "U01_RNN_CELL.IPYNB was graded, because u01_rnn_cell.ipynb is missing."


def make(folder, nb):
    put(folder, nb, "U01_RNN_CELL.IPYNB")
