"""All cells have the same id."""

import json

from tests.hostile.damage import put


def make(folder, nb):
    for cell in nb.cells:
        cell.id = "softmax"
    put(folder, json.dumps(nb))
