"""An answer was turned into text."""

import json

from tests.autograder.submissions import cell_of
from tests.hostile.damage import put


def make(folder, nb):
    cell_of(nb, "softmax").cell_type = "markdown"
    put(folder, json.dumps(nb))
