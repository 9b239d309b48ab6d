"""The names by which nbgrader knows its cells were changed."""

from tests.hostile.damage import put


def make(folder, nb):
    for number, cell in enumerate(nb.cells):
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.grade_id += "-mine"
            cell.id = f"mine-{number}"
    put(folder, nb)
