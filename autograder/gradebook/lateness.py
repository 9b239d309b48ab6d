"""What lateness costs, by the course's rules: as a submission is recorded, and anew in every run without judging."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from nbgrader import api
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session
from traitlets.config import Config

from autograder.grades import Recomputed, final_points
from autograder.rules import Rules

# No object of these rows is in the session.
AS_IT_IS = {"synchronize_session": False}


def seconds_late(submitted: datetime | None, due: datetime | None, extension: timedelta | None) -> float:
    """Return by how many seconds something was late, 0 if it was not or if a time is not known; as nbgrader has it."""
    if submitted is None or due is None:
        return 0.0
    return max(0.0, (submitted - due - (extension or timedelta())).total_seconds())


class Lateness:
    """The rules for late submissions: the course's own, and what is configured for nbgrader where it has none."""

    def __init__(self, settings: Config, rules: Rules) -> None:
        self._rules = rules
        step = AssignLatePenalties(config=settings)
        step.init_plugin()
        self._plugin = step.plugin_inst

    def penalty(self, student: str, points: float, late: float) -> float | None:
        """Return what being ``late`` by so many seconds costs of ``points``, at most all of them; None if nothing."""
        if late <= 0:
            return None
        if self._rules.late is not None:
            return self._rules.late.penalty(points, late)
        penalty = self._plugin.late_submission_penalty(student, points, late)
        return None if penalty is None else min(max(0.0, penalty), max(0.0, points))

    def put_dates(self, submission: api.SubmittedAssignment) -> None:
        """Give one submission the dates that the rules have for its unit, if they have any."""
        unit = submission.assignment.name
        if unit in self._rules.due:
            submission.assignment.duedate = self._rules.due_in_utc(unit)
            submission.extension = self._rules.extension(unit, submission.student_id)

    def write_dates(self, session: Session) -> None:
        """Write the dates that the rules have into the gradebook, for all units and submissions."""
        work = api.SubmittedAssignment
        for unit in self._rules.due:
            of_unit = select(work.id, work.student_id, work.extension)
            of_unit = of_unit.join(api.Assignment, api.Assignment.id == work.assignment_id)
            for id_, student, extension in session.execute(of_unit.where(api.Assignment.name == unit)).all():
                should = self._rules.extension(unit, student)
                if should != extension:
                    session.execute(
                        update(work).where(work.id == id_).values(extension=should), execution_options=AS_IT_IS
                    )
            dated = update(api.Assignment).where(api.Assignment.name == unit)
            session.execute(dated.values(duedate=self._rules.due_in_utc(unit)), execution_options=AS_IT_IS)

    def recomputed(self, session: Session, unit: str) -> list[Recomputed]:
        """Return the submissions to ``unit`` whose penalty is not what it should be now, by student."""
        found = []
        for notebook, student, *times, penalty, points in session.execute(submissions(unit)):
            late = seconds_late(*times)
            now = self.penalty(student, points, late)
            if (now or 0.0) != (penalty or 0.0):
                before, after = (final_points(points, cost or 0.0) for cost in (penalty, now))
                found.append(Recomputed(student, unit, notebook, now, before, after, late))
        return sorted(found, key=lambda each: each.student)


def write_penalties(session: Session, recomputed: Sequence[Recomputed]) -> None:
    """Write penalties into the gradebook."""
    notebook = api.SubmittedNotebook
    for each in recomputed:
        change = update(notebook).where(notebook.id == each.notebook).values(late_submission_penalty=each.penalty)
        session.execute(change, execution_options=AS_IT_IS)


def submissions(unit: str) -> Any:
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
