"""A Python script, renamed to .ipynb."""

from tests.hostile.damage import put

STATE = "unreadable"
SAYS = "is not JSON, so it is damaged or no notebook; ask the student to resubmit it."


def make(folder, nb):
    put(folder, "\n\n".join(cell.source for cell in nb.cells if cell.cell_type == "code"))
