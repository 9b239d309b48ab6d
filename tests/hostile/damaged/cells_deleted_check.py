"""A check was deleted."""

from tests.autograder.submissions import cell_of
from tests.hostile.damage import put


def make(folder, nb):
    nb.cells.remove(cell_of(nb, "softmax-check"))
    put(folder, nb)
