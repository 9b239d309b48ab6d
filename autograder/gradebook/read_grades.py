"""Reads the grades of a unit from the gradebook: a grade for every student of the roster, whatever became of it."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Collection, Mapping
from pathlib import Path

from nbgrader import api
from sqlalchemy import func, select
from sqlalchemy.orm import Session

import solutions
from autograder.gradebook.database import Record
from autograder.gradebook.lateness import seconds_late, submissions
from autograder.grades import ExerciseGrade, Grade, state_of
from autograder.notebook.timestamp import has_name
from rnnlab.specs import UNITS


def graded_units(session: Session) -> set[str]:
    """Return the units to which the gradebook has submissions, or records of unreadable ones."""
    records = session.scalars(select(Record.unit).distinct())
    names = session.scalars(select(api.Assignment.name).join(api.SubmittedAssignment).distinct())
    return {*records, *names} & UNITS.keys()


def read_grades(session: Session, course: Path, unit: str, failed: Collection[str] = ()) -> list[Grade]:
    """Return everybody's grade in ``unit``, sorted by the students' ids.

    ``failed`` are students whose submissions have just ended in an internal error, which the gradebook need not know.
    """
    names = select(api.Student.id, api.Student.first_name, api.Student.last_name)
    roster = {id_: " ".join(filter(None, name)) for id_, *name in session.execute(names)}
    folders = {Path(path).parent.name for path in (course / "submitted").glob(f"*/{unit}")}
    records = {record.student: record for record in session.scalars(select(Record).where(Record.unit == unit))}
    exercises, lateness = _exercises(session, unit, records), _lateness(session, unit)
    maximum = _most(session, unit)
    grades = []
    for student in sorted({*roster, *folders, *failed}, key=os.fsencode):
        record = records.get(student)
        late, penalty = lateness.get(student, (0.0, 0.0))
        scored = tuple(exercises.get(student, ()))
        state = state_of(
            scored,
            recorded="internal_error" if student in failed else record.state if record else None,
            late=late,
            handed_in=student in folders,
            readable=has_name(student),
        )
        grades.append(Grade(student, roster.get(student, ""), unit, state, scored, penalty, maximum, late))
    return grades


def _lateness(session: Session, unit: str) -> dict[str, tuple[float, float]]:
    """Return for each student by how many seconds the submission is late, and the points that costs."""
    rows = session.execute(submissions(unit))
    return {student: (seconds_late(*times), penalty or 0.0) for _, student, *times, penalty, _ in rows}


def _exercises(session: Session, unit: str, records: Mapping[str, Record]) -> dict[str, list[ExerciseGrade]]:
    """Return the exercises of each student in the unit's order."""
    grade, work = api.Grade, api.SubmittedAssignment
    query = select(
        work.student_id,
        api.BaseCell.name,
        grade.auto_score,
        grade.manual_score,
        grade.extra_credit,
        grade.needs_manual_grade,
    )
    query = query.select_from(grade).join(api.SubmittedNotebook, api.SubmittedNotebook.id == grade.notebook_id)
    query = query.join(work, work.id == api.SubmittedNotebook.assignment_id)
    query = query.join(api.Assignment, api.Assignment.id == work.assignment_id)
    query = query.join(api.BaseCell, api.BaseCell.id == grade.cell_id).where(api.Assignment.name == unit)
    found: dict[str, list[ExerciseGrade]] = defaultdict(list)
    for student, cell, judged, manual, extra, needs_person in session.execute(query):
        exercise = cell.removesuffix("-check")
        status = records[student].statuses.get(exercise, "") if student in records else ""
        found[student].append(ExerciseGrade(exercise, judged, manual, extra or 0.0, needs_person, status))
    order = {cell.exercise: number for number, cell in enumerate(solutions.unit(unit).exercises)}
    for exercises in found.values():
        exercises.sort(key=lambda each: (order.get(each.exercise, len(order)), each.exercise))
    return found


def _most(session: Session, unit: str) -> float:
    """Return what the exercises of ``unit`` give at most, by the gradebook."""
    query = select(func.sum(api.GradeCell.max_score)).join(api.Notebook, api.Notebook.id == api.GradeCell.notebook_id)
    return session.scalar(query.where(api.Notebook.name == unit)) or 0.0
