"""An answer mixes tabs and spaces, so its cell is no Python."""

from tests.autograder.submissions import cell_of
from tests.hostile.damage import put

LOSES = {"softmax": (0, "not_run")}


def make(folder, nb):
    answer = cell_of(nb, "softmax")
    answer.source = answer.source.replace("    e = np.exp", "\te = np.exp")
    put(folder, nb)
