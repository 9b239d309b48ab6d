"""All checks were turned into text, in a notebook without ids."""

import json

from tests.hostile.damage import put


def make(folder, nb):
    nb.nbformat_minor = 4
    for cell in nb.cells:
        if cell.id.endswith("-check"):
            cell.cell_type = "markdown"
        del cell["id"]
    put(folder, json.dumps(nb))
