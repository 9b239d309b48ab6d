"""The values that all steps of grading share: a submission, the verdicts on its exercises, and what became of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cached_property
from typing import Literal, TypeVar

from rnnlab.checking.marking import Marks

# What an answer was, or what ended it, or that the grader itself failed.
Answered = Literal["pass", "fail", "error", "unwritten", "missing"]
StoppedBy = Literal["timeout", "cpu", "memory", "processes", "disk", "output", "size", "died"]
Status = Answered | StoppedBy | Literal["not_run", "internal_error"]

STATUS_LABELS: dict[str, str] = {
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
class Submission:
    """What a student handed in to a unit, and all else that decides what becomes of it.

    ``raw`` are the bytes of the notebook, ``files`` the contents of the files beside it by their paths.
    ``submitted_at`` is when it was handed in, in UTC, if that is known. ``seed`` is what the judge's inputs are drawn
    from, ``version`` that of the course. ``note`` is what the instructor should know about it.
    """

    student: str
    unit: str
    raw: bytes = field(repr=False)
    files: Mapping[str, bytes] = field(repr=False)
    submitted_at: datetime | None
    seed: int
    version: str
    note: str = ""

    @property
    def name(self) -> str:
        """What the notebook's file should be called."""
        return f"{self.unit}.ipynb"

    @cached_property
    def digest(self) -> str:
        """The SHA-256 digest of all that was handed in; without files beside the notebook, that of its bytes."""
        digest = hashlib.sha256(self.raw)
        for path, content in sorted(self.files.items()):
            digest.update(f"\n{path} {len(content)} {hashlib.sha256(content).hexdigest()}".encode())
        return digest.hexdigest()


@dataclass(frozen=True)
class Verdict:
    """Points, status and reason for one exercise; ``seconds`` is what judging it took, ``seed`` what it was drawn from.

    ``marks`` holds the table of checks; it is None where no check was run, and after the verdict was written into its
    cell. ``fault`` is the traceback of an exception that the grader's own code raised over the submission's results.
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

    @property
    def cell(self) -> str:
        """The id of the cell that grades the exercise."""
        return f"{self.exercise}-check"


@dataclass(frozen=True)
class Change:
    """What a regrade changed: the points of one exercise ``before`` and ``after``, and its status after."""

    exercise: str
    before: float
    after: int
    max_points: int
    status: Status


@dataclass(frozen=True)
class Scores:
    """What the gradebook holds on a submission: points by graded cell, comment by answer cell, the cost of lateness.

    The points are None for a cell that a person has to grade.
    """

    points: dict[str, float | None]
    comments: dict[str, str | None]
    penalty: float = 0.0


@dataclass(frozen=True)
class Result:
    """What became of one student's submission.

    ``reason`` says why it was not graded, ``note`` what the instructor should know besides. ``changes`` is what a
    regrade changed, ``earlier`` whether an earlier run graded it.
    ``scores`` are those of the verdicts, before any person or penalty changes them; ``notebook`` is the executed
    notebook with the verdicts in it, as text; ``page`` is the feedback page that shows just these scores. A worker
    returns them; the gradebook takes them out once they are written, so that a whole class fits into memory.
    ``fault`` is the traceback of an exception that the grader's code raised over the submission as a whole.
    """

    student: str
    state: State
    reason: str = ""
    note: str = ""
    verdicts: tuple[Verdict, ...] = ()
    changes: tuple[Change, ...] = ()
    earlier: bool = False
    scores: Scores | None = None
    notebook: str = ""
    page: str = ""
    fault: str = ""

    @property
    def points(self) -> int:
        """The sum of the points; 0 where nothing could be graded."""
        return sum(verdict.points for verdict in self.verdicts)

    @property
    def faults(self) -> list[str]:
        """The tracebacks of all exceptions that the grader's code raised over the submission."""
        return [fault for fault in (self.fault, *(verdict.fault for verdict in self.verdicts)) if fault]


# -- as JSON: in verdict files, in the gradebook's database, and in what `autograder verdict --json` prints ------------

JsonObject = dict[str, str | float | None]
Value = TypeVar("Value", Verdict, Change)
NOT_IN_JSON = {"marks", "fault"}


def to_json(value: Verdict | Change) -> JsonObject:
    """Return the fields of a value as a JSON object; of a verdict all but the table and the traceback."""
    return {name: getattr(value, name) for name in _json_fields(type(value))}


def from_json(kind: type[Value], content: object) -> Value:
    """Return the verdict or change that `to_json` made ``content`` of; raises ValueError if it has other fields."""
    if not isinstance(content, dict) or content.keys() != set(_json_fields(kind)):
        raise ValueError(f"this is no {kind.__name__}: {content!r}")
    return kind(**content)


def _json_fields(kind: type[Verdict] | type[Change]) -> list[str]:
    return [each.name for each in fields(kind) if each.name not in NOT_IN_JSON]
