"""An answer was written into the check below it."""

from autograder.notebook.released import released
from tests.autograder.submissions import cell_of
from tests.hostile.damage import UNIT, put


def make(folder, nb):
    check = cell_of(nb, "softmax-check")
    check.source = f"{cell_of(nb, 'softmax').source}\n\n{check.source}"
    cell_of(nb, "softmax").source = cell_of(released(UNIT), "softmax").source
    put(folder, nb)
