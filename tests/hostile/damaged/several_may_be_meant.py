"""Two notebooks of the unit, neither with the right name."""

from tests.autograder.submissions import cell_of
from tests.hostile.damage import put

STATE = "unreadable"
SAYS = "is missing, and it may be final.ipynb or first try.ipynb; give the right one that name."


def make(folder, nb):
    put(folder, nb, "final.ipynb")
    cell_of(nb, "softmax").source += "\n# to do"
    put(folder, nb, "first try.ipynb")
