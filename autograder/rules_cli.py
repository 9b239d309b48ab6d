"""The commands that change the rules of a course: due, extend, late. Each applies them at once, without judging."""

from __future__ import annotations

import difflib
import os
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from autograder.errors import CourseError
from autograder.paths import COURSE
from autograder.rules import Rules, check_unit_name, late_policy, parse_time, read_rules, write_rules

rules_app = typer.Typer(rich_markup_mode=None)
out = Console(highlight=False, soft_wrap=True)

Course = Annotated[Path, typer.Option(help="The course folder.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Print whose grade would change, and change nothing.")]
Unit = Annotated[str, typer.Argument(help="The unit's name, as in u01_rnn_cell.")]


@rules_app.command()
def due(
    unit: Unit,
    time: Annotated[str, typer.Argument(help="A date, a time and a time zone; none for no due date.")],
    course: Course = COURSE,
    dry_run: DryRun = False,
) -> None:
    """Set when a unit is due, also after it was graded.

    Example: autograder due u01_rnn_cell 2026-03-10T23:59+09:00
    """
    check_unit_name(unit)
    when = None if time == "none" else parse_time(time)
    _check_course(course)
    _apply(course, read_rules(course).with_due(unit, when), dry_run)


@rules_app.command()
def extend(
    student: Annotated[str, typer.Argument(help="The student's id, the name of the folder in submitted/.")],
    unit: Unit,
    time: Annotated[str, typer.Argument(help="A date, a time and a time zone; none to take an extension back.")],
    course: Course = COURSE,
    dry_run: DryRun = False,
) -> None:
    """Give one student until another time for a unit.

    Example: autograder extend ada u01_rnn_cell "2026-03-12 12:00 Asia/Seoul"
    """
    check_unit_name(unit)
    when = None if time == "none" else parse_time(time)
    _check_course(course)
    rules = read_rules(course)
    if when is not None:
        due = rules.due.get(unit)
        if due is None:
            raise CourseError(f"{unit} has no due date to extend; set one first: autograder due {unit} TIME.")
        if when <= due:
            raise CourseError(f"{time} is not after {due.isoformat()}, when {unit} is due; give a later time.")
        _check_student(course, student)
    _apply(course, rules.with_extension(unit, student, when), dry_run)


@rules_app.command()
def late(
    policy: Annotated[str, typer.Argument(help="none; zero: no points; day or hour: percent of the points for each.")],
    percent: Annotated[float | None, typer.Option(help="What each day or hour begun costs, in percent.")] = None,
    cap: Annotated[float | None, typer.Option(help="The most that lateness costs, in percent.")] = None,
    course: Course = COURSE,
    dry_run: DryRun = False,
) -> None:
    """Set what late submissions lose, for all units.

    Example: autograder late day --percent 10 --cap 50
    """
    chosen = late_policy(policy, percent, cap)
    _check_course(course)
    _apply(course, replace(read_rules(course), late=chosen), dry_run)


def _apply(course: Path, rules: Rules, dry_run: bool) -> None:
    """Write the rules, recompute the grades by them, and print whose grade changed."""
    from autograder.grading.update import update_grades
    from autograder.pages.report import recomputed

    os.umask(0o077)
    course = course.resolve()
    if not dry_run:
        write_rules(course, rules)
    update = update_grades(course, rules=rules, dry_run=dry_run)
    lines = recomputed(update.changed)
    for line in lines or ["No grade changes."]:
        out.print(line, markup=False)
    if dry_run:
        out.print("This was a dry run: nothing was changed.")


def _check_course(course: Path) -> None:
    if not course.is_dir():
        raise CourseError(f"there is no course folder {course}; name it with --course.")


def _check_student(course: Path, student: str) -> None:
    """Raise CourseError for somebody who is neither on the roster nor has handed in anything."""
    from autograder.grading.update import roster

    students = roster(course.resolve())
    if student not in students:
        near = difflib.get_close_matches(student, students, n=1, cutoff=0.5)
        meant = f"did you mean {near[0]}?" if near else "import the roster, or give the folder's name in submitted/."
        raise CourseError(f"there is no student {student}; {meant}")
