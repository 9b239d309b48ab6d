"""Grading a course's submissions to a unit through nbgrader, into gradebook, feedback pages and verdicts."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from autograder.course import CourseError, config, nbgrader, nbgrader_at_work, prepare
from autograder.preprocessors import VERDICTS
from autograder.sanitise import Unreadable, check_unit, read_submission

EXCEPTION = re.compile(r"^\s*(?:\w+\.)*(\w*(?:Error|Exception|Unreadable): .+)$", re.MULTILINE)

State = Literal["graded", "unreadable", "ours"]


@dataclass(frozen=True)
class Graded:
    """What became of one student's submission: its verdict records if it was graded, else the reason why not."""

    student: str
    state: State
    records: tuple[dict[str, Any], ...] = ()
    reason: str = ""

    @property
    def points(self) -> int:
        """The sum of the points; 0 where nothing could be graded."""
        return sum(record["points"] for record in self.records)


def students(course: Path, unit: str) -> list[str]:
    """Return the names of the students who handed in ``unit``, sorted.

    Raises CourseError if there is no submission.
    """
    submitted = course / "submitted"
    found = sorted(path.parent.name for path in submitted.glob(f"*/{unit}"))
    if not found:
        raise CourseError(f"no submissions in {submitted}/<student>/{unit}; put each notebook there as {unit}.ipynb.")
    return found


def grade(course: Path, unit: str, *, trusted: bool = False) -> Iterator[Graded]:
    """Grade every submission to ``unit`` in the course folder and yield what became of each.

    Raises CourseError if the course folder cannot be used.
    """
    names = students(course, unit)
    prepare(course, unit)
    for student in names:
        yield grade_one(course, unit, student, trusted=trusted)


def grade_one(course: Path, unit: str, student: str, *, trusted: bool = False) -> Graded:
    """Grade one student's submission: gradebook, feedback page and verdict file; return what became of it.

    The gradebook keeps an earlier grade where the submission cannot be graded now.
    """
    path = course / "submitted" / student / unit / f"{unit}.ipynb"
    verdicts = course / VERDICTS / unit / f"{student}.json"
    verdicts.unlink(missing_ok=True)
    try:
        _check_present(path)
        check_unit(path.name, read_submission(path), unit)
    except Unreadable as fault:
        return Graded(student, "unreadable", reason=str(fault))
    settings = config(course)
    settings.Judge.trusted = trusted
    with nbgrader_at_work(course):
        api = nbgrader(course, settings)
        for step in (api.autograde, api.generate_feedback):
            result = step(unit, student, force=True)
            if not result["success"]:
                return Graded(student, "ours", reason=_reason(result))
    return Graded(student, "graded", tuple(json.loads(verdicts.read_text(encoding="utf-8"))))


def _check_present(path: Path) -> None:
    """Raise Unreadable where there is no notebook of the right name, and name those that may be meant."""
    if path.exists() or path.is_symlink():
        return
    others = sorted(other.name for other in path.parent.glob("*.ipynb"))
    meant = f"is it {' or '.join(others)}? Give it that name" if others else "ask for it"
    raise Unreadable(f"{path.name} is missing; {meant}.")


def _reason(result: dict[str, Any]) -> str:
    """Return the exception that nbgrader logged, which it wraps in one of its own; the traceback is in the log file."""
    if "KeyboardInterrupt" in result.get("error", ""):
        raise KeyboardInterrupt
    raised = EXCEPTION.findall(result.get("log", "")) or EXCEPTION.findall(result.get("error", ""))
    return raised[-1] if raised else "nbgrader gave no reason"
