"""What became of a submission: a verdict on each exercise, and the result as a whole."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.scores import Scores
from rnnlab.checking.marking import Marks, Row
from rnnlab.table import Table

# What an answer was, or what ended it, or that the grader itself failed.
Answered = Literal["pass", "fail", "error", "unwritten", "missing"]
StoppedBy = Literal["timeout", "cpu", "memory", "processes", "disk", "output", "size", "died"]
Status = Answered | StoppedBy | Literal["not_run", "internal_error"]

RESULTS: dict[str, str] = {
    "pass": "all checks passed",
    "fail": "a check failed",
    "error": "an exception",
    "unwritten": "not written yet",
    "missing": "no function of that name",
    "not_run": "its cell did not run",
    "timeout": "took too long",
    "cpu": "used too much processor time",
    "memory": "used too much memory",
    "processes": "started too many processes",
    "disk": "wrote too much to disk",
    "output": "printed too much",
    "size": "a cell too large to be executed",
    "died": "ended the Python process",
    "internal_error": "not judged: the grader failed",
}

State = Literal["graded", "unreadable", "internal_error"]


@dataclass(frozen=True)
class Verdict:
    """Points, status and reason for one exercise; ``seconds`` is what judging it took, ``seed`` what it was drawn from.

    ``marks`` holds the table of checks; it is None where no check was run. ``fault`` is the traceback of an exception
    that our own code raised over the submission's results, for whoever fixes it.
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
    fault: str = ""

    def record(self) -> dict[str, Any]:
        """Return the verdict as it is written to JSON: all fields but the table and our own fault."""
        fields = asdict(self)
        del fields["marks"], fields["fault"]
        return fields

    def html(self) -> str:
        """Return the verdict as it is shown in the graded cell; whatever came from the submission is escaped."""
        return self._table()._repr_html_()

    def text(self) -> str:
        """Return the verdict as plain text."""
        return repr(self._table())

    def rows(self) -> tuple[Row, ...]:
        """Return the rows of the table of checks; where none was run, one row that says why."""
        return self.marks.rows if self.marks is not None else (Row("judged", "failed", self.message),)

    def _table(self) -> Table:
        if self.marks is not None:
            return Table(self.marks)
        marks = Marks(self.exercise, self.points, self.max_points, "error", self.rows())
        return Table(marks, ended=RESULTS[self.status])


@dataclass(frozen=True)
class Judged:
    """What came of a submission; all but ``state`` and ``reason`` are empty unless it was graded.

    ``notebook`` is the executed notebook with the verdicts in it, as text; ``page`` the feedback page of it
    for the case that the gradebook holds just the ``standing``. ``faults`` are the tracebacks of exceptions that our
    own code raised over the submission's data.
    """

    state: State
    reason: str = ""
    records: tuple[dict[str, Any], ...] = ()
    notebook: str = ""
    standing: Scores | None = None
    page: str = ""
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Graded:
    """What became of one student's submission: its verdict records if it was graded, else the reason why not.

    ``note`` is what the instructor should know besides. ``changes`` is what a regrade changed, one dict an exercise:
    exercise, points before and after, max_points, status. ``earlier`` is whether an earlier run found that.
    """

    student: str
    state: State
    records: tuple[dict[str, Any], ...] = ()
    reason: str = ""
    note: str = ""
    changes: tuple[dict[str, Any], ...] = ()
    earlier: bool = False

    @property
    def points(self) -> int:
        """The sum of the points; 0 where nothing could be graded."""
        return sum(record["points"] for record in self.records)


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
    marks = {
        "points": verdict.points,
        "rows": [asdict(row) for row in verdict.rows()],
        "hint": verdict.marks.hint if verdict.marks is not None else "",
    }
    told = {"status": verdict.status, "marks": marks}
    return new_output("execute_result", data=data, metadata={"verdict": told})
