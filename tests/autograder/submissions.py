"""What several tests of submissions need."""

from nbformat import NotebookNode

UNIT = "u01_rnn_cell"


def cell_of(nb: NotebookNode, key: str) -> NotebookNode:
    """Return the cell with the id ``key``."""
    return next(cell for cell in nb.cells if cell.id == key)
