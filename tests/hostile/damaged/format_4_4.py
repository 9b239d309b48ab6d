"""Format 4.4, whose cells have no ids."""

import json

from tests.hostile.damage import put


def make(folder, nb):
    nb.nbformat_minor = 4
    for cell in nb.cells:
        del cell["id"]
    put(folder, json.dumps(nb))
