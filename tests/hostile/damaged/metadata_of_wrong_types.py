"""Metadata, ids and outputs are of types that no notebook has."""

import itertools
import json

from tests.hostile.damage import put


def make(folder, nb):
    wrong = itertools.cycle([None, [], "x", 3, {"nbgrader": 3}, {"nbgrader": {"grade_id": []}}, {"tags": 3}])
    cells = [{**cell, "metadata": next(wrong), "outputs": 3, "execution_count": "x"} for cell in nb.cells]
    put(folder, json.dumps({"cells": cells, "metadata": [], "nbformat": "4", "nbformat_minor": None}))
