"""What several tests of submissions need."""

import nbformat
from nbformat import NotebookNode

UNIT = "u01_rnn_cell"


def cell_of(nb: NotebookNode, key: str) -> NotebookNode:
    """Return the cell with the id ``key``."""
    return next(cell for cell in nb.cells if cell.id == key)


def hand_in(course, student, content, timestamp=None):
    """Put a notebook, or the text of one, where the grader looks for the student's submission."""
    folder = course / "submitted" / student / UNIT
    folder.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else nbformat.writes(content)
    (folder / f"{UNIT}.ipynb").write_text(text)
    if timestamp:
        (folder / "timestamp.txt").write_text(timestamp)
