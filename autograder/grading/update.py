"""Brings grades up to date without judging: penalties by the rules of now, feedback pages, and the files in grades/."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from nbgrader.api import Student
from sqlalchemy import select
from sqlalchemy.orm import Session

from autograder.gradebook.database import open_database, retry, transaction
from autograder.gradebook.lateness import Lateness, write_penalties
from autograder.gradebook.read_grades import graded_units, read_grades
from autograder.gradebook.record import write_stale_pages
from autograder.grades import Grade, Recomputed
from autograder.nbgrader.course_folder import config, database, grading_lock, nbgrader_environment
from autograder.pages.grade_files import write_grades
from autograder.rules import Rules, read_rules
from rnnlab.specs import UNITS


@dataclass(frozen=True)
class Update:
    """The grades of all units as they are now, and those that the rules have changed."""

    grades: Mapping[str, list[Grade]] = field(default_factory=dict)
    changed: list[Recomputed] = field(default_factory=list)


class _DryRun(Exception):
    """Undoes a transaction; ``update`` is what would have come of it."""

    def __init__(self, update: Update) -> None:
        super().__init__()
        self.update = update


def update_grades(
    course: Path,
    *,
    failed: Mapping[str, Collection[str]] | None = None,
    rules: Rules | None = None,
    dry_run: bool = False,
) -> Update:
    """Recompute what lateness costs in every unit, write pages and files that are no longer right, return the grades.

    ``failed`` has the units that were graded just now, and the students whose submissions ended in an internal error.
    ``rules`` are those of the course's rules.json unless others are given; in a ``dry_run`` nothing is written.
    Raises CourseError if the course folder cannot be used, CannotRecord if nothing can be written.
    """
    with grading_lock(course), nbgrader_environment(course):
        lateness = Lateness(config(course), read_rules(course) if rules is None else rules)
        engine = open_database(database(course))
        try:

            def once() -> Update:
                with transaction(engine) as session:
                    update = _update(session, course, lateness, failed or {}, pages=not dry_run)
                    if dry_run:
                        raise _DryRun(update)
                    return update

            update = retry(once)
        except _DryRun as done:
            return done.update
        finally:
            engine.dispose()
        retry(lambda: write_grades(course, update.grades))
    return update


def roster(course: Path) -> set[str]:
    """Return the ids of all students who are in the gradebook or have handed in anything."""
    engine = open_database(database(course))
    try:
        with transaction(engine) as session:
            known = set(session.scalars(select(Student.id)))
    finally:
        engine.dispose()
    return known | {path.parent.name for path in (course / "submitted").glob("*/*")}


def _update(
    session: Session, course: Path, lateness: Lateness, failed: Mapping[str, Collection[str]], *, pages: bool
) -> Update:
    lateness.write_dates(session)
    known = graded_units(session)
    units = [unit for unit in UNITS if unit in known or unit in failed]
    changed = [each for unit in units for each in lateness.recomputed(session, unit)]
    write_penalties(session, changed)
    for unit in units if pages else ():
        write_stale_pages(session, course, unit)
    return Update({unit: read_grades(session, course, unit, failed.get(unit, ())) for unit in units}, changed)
