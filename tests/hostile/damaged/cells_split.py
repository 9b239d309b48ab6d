"""An answer was split in two between its functions; both have its metadata."""

from nbformat.v4 import new_code_cell

from tests.autograder.submissions import cell_of
from tests.hostile.damage import put

HELPER = "def highest(z, axis):\n    return z.max(axis=axis, keepdims=True)"


def make(folder, nb):
    answer = cell_of(nb, "softmax")
    answer.source = answer.source.replace("z.max(axis=axis, keepdims=True)", "highest(z, axis)")
    nb.cells.insert(nb.cells.index(answer), new_code_cell(HELPER, metadata=answer.metadata))
    put(folder, nb)
