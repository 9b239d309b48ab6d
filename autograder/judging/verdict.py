"""The verdict on one exercise of one submission: what travels from the judge to gradebook, files and pages."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from nbformat import NotebookNode
from nbformat.v4 import new_output

from rnnlab.marking import Marks, Row
from rnnlab.table import Table

# What an answer was, or what ended it, or that the grader itself failed.
Answered = Literal["pass", "fail", "error", "unwritten", "missing"]
StoppedBy = Literal["timeout", "cpu", "memory", "processes", "disk", "output", "died"]
Status = Answered | StoppedBy | Literal["ours"]


@dataclass(frozen=True)
class Verdict:
    """Points, status and reason for one exercise; ``seconds`` is what judging it took, ``seed`` what it was drawn from.

    ``marks`` holds the table of checks; it is None where no check was run.
    """

    exercise: str
    points: int
    max_points: int
    status: Status
    message: str
    mistake: str | None
    seconds: float
    seed: int
    marks: Marks | None = None

    def record(self) -> dict[str, Any]:
        """Return the verdict as it is written to JSON: all fields but the table."""
        fields = asdict(self)
        del fields["marks"]
        return fields

    def html(self) -> str:
        """Return the verdict as it is shown in the graded cell; whatever came from the submission is escaped."""
        return Table(self.shown())._repr_html_()

    def text(self) -> str:
        """Return the verdict as plain text."""
        return repr(Table(self.shown()))

    def shown(self) -> Marks:
        """Return the table of checks; where none was run, a table of one row that says why."""
        if self.marks is not None:
            return self.marks
        row = Row("judged", "failed", self.message)
        return Marks(self.exercise, self.points, self.max_points, "missing", (row,))


def with_verdicts(nb: NotebookNode, verdicts: list[Verdict]) -> NotebookNode:
    """Return ``nb`` with each verdict as the only output of the cell that grades its exercise.

    nbgrader reads the points from the first execute_result.
    """
    outputs = {f"{verdict.exercise}-check": _output(verdict) for verdict in verdicts}
    for cell in nb.cells:
        if cell.id in outputs:
            cell.outputs = [outputs[cell.id]]
    return nb


def _output(verdict: Verdict) -> Any:
    data = {"text/plain": str(verdict.points), "text/html": verdict.html()}
    # What the feedback page is made of; the HTML is for people who open the notebook.
    told = {"status": verdict.status, "marks": asdict(verdict.shown())}
    return new_output("execute_result", data=data, metadata={"verdict": told})
