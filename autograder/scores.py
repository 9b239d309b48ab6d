"""What a submission stands at: the points and comments of its cells, as the gradebook holds them."""

from __future__ import annotations

import copy
import json
from dataclasses import asdict, dataclass

from nbformat import NotebookNode
from nbgrader.utils import compute_checksum, determine_grade, is_grade, is_solution

from autograder.files import digest_of

UNTOUCHED = "No response."


@dataclass(frozen=True)
class Scores:
    """Points by graded cell, comment by answer cell, and the points that lateness cost.

    ``scores`` is None for a cell that a person has to grade.
    """

    scores: dict[str, float | None]
    comments: dict[str, str | None]
    penalty: float = 0.0

    def digest(self) -> str:
        """Return a SHA-256 digest, the same for the same standing."""
        return digest_of(json.dumps(asdict(self), sort_keys=True).encode())


def automatic(nb: NotebookNode) -> Scores:
    """Return what nbgrader reads from an executed notebook with verdicts, before any person or penalty changes it."""
    scores, comments = {}, {}
    for cell in nb.cells:
        if is_grade(cell):
            scores[cell.id] = determine_grade(cell)[0]
        if is_solution(cell):
            comments[cell.id] = UNTOUCHED if cell.metadata.nbgrader.checksum == compute_checksum(cell) else None
    return Scores(scores, comments)


def with_scores(nb: NotebookNode, standing: Scores) -> NotebookNode:
    """Return a copy of ``nb`` whose cells' metadata tell their standing, as nbgrader's GetGrades writes it."""
    nb = copy.deepcopy(nb)
    for cell in nb.cells:
        if cell.id in standing.scores:
            cell.metadata.nbgrader.score = standing.scores[cell.id] or 0.0
        if cell.id in standing.comments:
            cell.metadata.nbgrader.comment = standing.comments[cell.id]
    return nb
