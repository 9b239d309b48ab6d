"""Below a written answer stands a copy of the unwritten one."""

import json

from autograder.notebook.released import released
from tests.autograder.submissions import cell_of
from tests.hostile.damage import UNIT, put


def make(folder, nb):
    at = nb.cells.index(cell_of(nb, "softmax"))
    nb.cells.insert(at + 1, cell_of(released(UNIT), "softmax"))
    put(folder, json.dumps(nb))
