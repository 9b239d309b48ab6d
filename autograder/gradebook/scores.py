"""The scores that nbgrader's rules give an executed notebook."""

from __future__ import annotations

from collections.abc import Sequence

from nbformat import NotebookNode
from nbgrader.utils import compute_checksum, is_grade, is_solution

from autograder.results import Scores, Verdict

UNTOUCHED = "No response."


def automatic_scores(nb: NotebookNode, verdicts: Sequence[Verdict]) -> Scores:
    """Return the scores of an executed notebook with these verdicts, before any person or penalty changes them."""
    judged = {verdict.cell: float(verdict.points) for verdict in verdicts}
    points = {cell.id: judged.get(cell.id) for cell in nb.cells if is_grade(cell)}
    answers = [cell for cell in nb.cells if is_solution(cell)]
    touched = {cell.id: cell.metadata.nbgrader.checksum != compute_checksum(cell) for cell in answers}
    return Scores(points, {id_: None if touched[id_] else UNTOUCHED for id_ in touched})
