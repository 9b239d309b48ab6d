"""Every cell is there twice."""

import json

from tests.hostile.damage import put


def make(folder, nb):
    nb.cells = [cell for cell in nb.cells for _ in range(2)]
    put(folder, json.dumps(nb))
