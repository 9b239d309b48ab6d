"""Gives its checks 300 points each and its notebook a new schema version."""

from tests.hostile.attack_tools import NOTHING, wrong

POINTS = NOTHING


def make(nb):
    wrong(nb)
    for cell in nb.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.update(points=300, schema_version=99, locked=False)
    nb.metadata["nbgrader"] = {"score": 300, "max_score": 300}
