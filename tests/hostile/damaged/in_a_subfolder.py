"""The notebook lies in a folder, as unpacking an archive leaves it."""

from tests.hostile.damage import UNIT, put

SAYS = "u01_rnn_cell/u01_rnn_cell.ipynb was graded, because u01_rnn_cell.ipynb is missing."


def make(folder, nb):
    (folder / UNIT).mkdir()
    put(folder, nb, "u01_rnn_cell/u01_rnn_cell.ipynb")
