"""An answer was turned into a raw cell."""

import json

from tests.autograder.submissions import cell_of
from tests.hostile.damage import put


def make(folder, nb):
    cell_of(nb, "softmax").cell_type = "raw"
    put(folder, json.dumps(nb))
