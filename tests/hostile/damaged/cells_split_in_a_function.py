"""An answer was split in the middle of its function, so neither half is Python."""

from nbformat.v4 import new_code_cell

from tests.autograder.submissions import cell_of
from tests.hostile.damage import put

LOSES = {"softmax": (0, "not_run")}


def make(folder, nb):
    answer = cell_of(nb, "softmax")
    lines = answer.source.splitlines(keepends=True)
    answer.source = "".join(lines[:1])
    nb.cells.insert(nb.cells.index(answer) + 1, new_code_cell("".join(lines[1:])))
    put(folder, nb)
