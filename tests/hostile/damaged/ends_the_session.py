"""Cells between the answers end the session, as people do to stop a notebook there."""

from nbformat.v4 import new_code_cell

from tests.autograder.submissions import cell_of
from tests.hostile.damage import put


def make(folder, nb):
    for name, source in {"one_hot": "exit()", "softmax": "raise SystemExit", "rnn_forward": "quit"}.items():
        nb.cells.insert(nb.cells.index(cell_of(nb, name)) + 1, new_code_cell(source))
    put(folder, nb)
