"""What several tests of submissions need."""

from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.results import Submission
from autograder.version import course_version

UNIT = "u01_rnn_cell"


def cell_of(nb: NotebookNode, key: str) -> NotebookNode:
    """Return the cell with the id ``key``."""
    return next(cell for cell in nb.cells if cell.id == key)


def submission(student: str, raw: bytes, **fields: Any) -> Submission:
    """Return a submission to unit 01 as it was read, with nothing beside the notebook unless ``fields`` say so."""
    others = {"files": {}, "submitted_at": None, "seed": 1, "version": course_version(UNIT)}
    return Submission(student, UNIT, raw, **(others | fields))


def hand_in(course, student, content, timestamp=None):
    """Put a notebook, or the text of one, where the grader looks for the student's submission."""
    folder = course / "submitted" / student / UNIT
    folder.mkdir(parents=True, exist_ok=True)
    text = content if isinstance(content, str) else nbformat.writes(content)
    (folder / f"{UNIT}.ipynb").write_text(text)
    if timestamp:
        (folder / "timestamp.txt").write_text(timestamp)
