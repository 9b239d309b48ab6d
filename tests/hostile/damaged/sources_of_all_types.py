"""Sources are strings, lists of lines, lists with holes, and null."""

import json

from tests.hostile.damage import put


def make(folder, nb):
    cells = [dict(cell) for cell in nb.cells]
    for number, cell in enumerate(cells):
        if cell["cell_type"] == "markdown":
            cell["source"] = None
        elif number % 2:
            cell["source"] = [None, *cell["source"].splitlines(keepends=True), 3]
    put(folder, json.dumps({**nb, "cells": cells}))
