"""An answer was deleted."""

from tests.autograder.submissions import cell_of
from tests.hostile.damage import put

LOSES = {"softmax": (0, "unwritten")}


def make(folder, nb):
    nb.cells.remove(cell_of(nb, "softmax"))
    put(folder, nb)
