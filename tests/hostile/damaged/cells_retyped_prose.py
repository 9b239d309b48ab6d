"""Text was turned into code, which is no Python."""

import json

from tests.hostile.damage import put


def make(folder, nb):
    for cell in nb.cells:
        cell.cell_type = "code"
    put(folder, json.dumps(nb))
