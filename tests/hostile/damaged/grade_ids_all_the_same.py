"""nbgrader knows all cells by the same name."""

import json

from tests.hostile.damage import put


def make(folder, nb):
    for number, cell in enumerate(nb.cells):
        cell.metadata["nbgrader"] = {**cell.metadata.get("nbgrader", {}), "grade_id": "softmax-check"}
        cell.id = f"mine-{number}"
    put(folder, json.dumps(nb))
