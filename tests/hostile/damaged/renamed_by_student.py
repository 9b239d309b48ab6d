"""The student gave it a name of their own."""

from tests.hostile.damage import put

SAYS = "과제 1 (최종) 'final'.ipynb was graded, because u01_rnn_cell.ipynb is missing."


def make(folder, nb):
    put(folder, nb, "과제 1 (최종) 'final'.ipynb")
