"""The browser added .txt to the name."""

from tests.hostile.damage import put

SAYS = "u01_rnn_cell.ipynb.txt was graded, because u01_rnn_cell.ipynb is missing."


def make(folder, nb):
    put(folder, nb, "u01_rnn_cell.ipynb.txt")
