"""What lateness costs, by the course's rules: as a submission is recorded, and anew in every run without judging."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from nbgrader import api
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from traitlets.config import Config

from autograder.gradebook.read_grades import seconds_late
from autograder.grades import Recomputed, final_points


class Lateness:
    """The course's rules for late submissions, as they are configured for nbgrader."""

    def __init__(self, settings: Config) -> None:
        step = AssignLatePenalties(config=settings)
        step.init_plugin()
        self._plugin = step.plugin_inst

    def penalty(self, student: str, points: float, late: float) -> float | None:
        """Return what being ``late`` by so many seconds costs of ``points``, at most all of them; None if nothing."""
        if late <= 0:
            return None
        penalty = self._plugin.late_submission_penalty(student, points, late)
        return None if penalty is None else min(max(0.0, penalty), max(0.0, points))

    def recomputed(self, session: Session, unit: str) -> list[Recomputed]:
        """Return the submissions to ``unit`` whose penalty is not what it should be now, by student."""
        found = []
        for notebook, student, *times, penalty, points in session.execute(_submissions(unit)):
            late = seconds_late(*times)
            now = self.penalty(student, points, late)
            if now != penalty:
                before, after = (final_points(points, cost or 0.0) for cost in (penalty, now))
                found.append(Recomputed(student, unit, notebook, now, before, after, late))
        return sorted(found, key=lambda each: each.student)


def write_penalties(session: Session, recomputed: Sequence[Recomputed]) -> None:
    """Write penalties into the gradebook."""
    notebook = api.SubmittedNotebook
    for each in recomputed:
        change = update(notebook).where(notebook.id == each.notebook).values(late_submission_penalty=each.penalty)
        session.execute(change, execution_options={"synchronize_session": False})


def _submissions(unit: str) -> Any:
    """Return the query for notebook id, student, the three times of lateness, penalty and points of each submission."""
    work, notebook, grade = api.SubmittedAssignment, api.SubmittedNotebook, api.Grade
    points = select(func.coalesce(func.sum(grade.score), 0.0)).where(grade.notebook_id == notebook.id).scalar_subquery()
    query = select(
        notebook.id,
        work.student_id,
        work.timestamp,
        api.Assignment.duedate,
        work.extension,
        notebook.late_submission_penalty,
        points,
    )
    query = query.select_from(notebook).join(work, work.id == notebook.assignment_id)
    return query.join(api.Assignment, api.Assignment.id == work.assignment_id).where(api.Assignment.name == unit)
