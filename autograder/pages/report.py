"""Reports for instructors in the terminal: a table of students by exercises, notes, and what changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

import solutions
from autograder.grades import ExerciseGrade, Grade, Recomputed, duration, number
from autograder.results import Change, Result
from autograder.untrusted_text import printable

# What ended an answer, if it was not simply wrong; for other statuses the table shows the points.
STOPPED = {
    "timeout": "time",
    "cpu": "cpu",
    "memory": "memory",
    "processes": "procs",
    "disk": "disk",
    "output": "output",
    "size": "size",
    "died": "died",
    "error": "error",
    "unwritten": "–",
    "missing": "–",
    "not_run": "not run",
}
LEGEND = (
    "Words stand for 0 points: – not written, time: no result in time, error: an exception, "
    "cpu, memory, procs, disk, output, size: more than allowed, died: ended its own process, "
    "not run: its cell failed."
)


def terminal_table(unit: str, grades: Sequence[Grade]) -> Table:
    """Return a table of students by exercises: points or what ended the answer, and the grade or the state.

    Columns for lateness and for the state are there only where somebody needs them.
    """
    text = solutions.unit(unit)
    numbered = list(enumerate(text.exercises, start=1))
    names = ", ".join(f"{position} {cell.exercise}" for position, cell in numbered)
    any_late = any(grade.penalty for grade in grades)
    any_state = any(grade.is_scored and grade.state != "graded" for grade in grades)
    table = Table(
        title=text.title,
        title_justify="left",
        caption=f"{names}. {LEGEND}",
        caption_justify="left",
        box=SIMPLE_HEAD,
        pad_edge=False,
        padding=(0, 2, 0, 0),
    )
    table.add_column("student", no_wrap=True)
    for position, cell in numbered:
        table.add_column(f"{position}\n/{cell.points}", justify="left", no_wrap=True)
    if any_late:
        table.add_column("late", justify="right", no_wrap=True)
    table.add_column(f"total\n/{text.points}", justify="right", no_wrap=True)
    if any_state:
        table.add_column("", no_wrap=True)
    for grade in grades:
        by_name = {exercise.exercise: exercise for exercise in grade.exercises}
        cells = [_cell(by_name.get(str(cell.exercise))) for _, cell in numbered]
        late = [f"−{number(grade.penalty)}" if grade.penalty else ""] if any_late else []
        total = grade.state if grade.final is None else number(grade.final)
        state = [grade.state if grade.is_scored and grade.state != "graded" else ""] if any_state else []
        # As Text, for a name may look like markup.
        table.add_row(Text(printable(grade.student)), *cells, *late, total, *state)
    return table


def notes(results: Sequence[Result]) -> list[str]:
    """Return a sentence for each submission that was not graded, or about which there is a note."""
    sentences = [(result.student, result.reason or result.note) for result in results]
    return [printable(f"{student}: {sentence}") for student, sentence in sentences if sentence]


def summary(results: Sequence[Result]) -> str:
    """Return how many submissions were graded, now and earlier, and how many were not."""
    graded = [result for result in results if result.state == "graded"]
    earlier = sum(result.earlier for result in graded)
    parts = [f"{len(graded) - earlier} graded", f"{earlier} graded earlier and unchanged" if earlier else ""]
    parts.append(f"{len(results) - len(graded)} not graded" if len(results) > len(graded) else "")
    return ", ".join(filter(None, parts)) + "."


def changes(results: Sequence[Result]) -> list[str]:
    """Return a line for each exercise whose points a regrade has changed, under a line that says so."""
    lines = [printable(f"  {result.student}: {_changed(change)}") for result in results for change in result.changes]
    return ["Points changed because the course has changed since these were graded:", *lines] if lines else []


def grade_notes(grades: Sequence[Grade]) -> list[str]:
    """Return a sentence for each grade that is not simply the judge's on the last submission."""
    return [printable(f"{grade.student}: {sentence}") for grade in grades for sentence in _grade_notes(grade)]


def recomputed(changed: Sequence[Recomputed]) -> list[str]:
    """Return a line for each grade that another late penalty has changed, under a line that says so."""
    lines = [
        printable(
            f"  {each.student}, {each.unit}: {number(each.before)} → {number(each.after)} "
            f"({duration(each.late) + ' late' if each.late else 'not late'})"
        )
        for each in changed
    ]
    return [f"Grades in which the late penalty changed: {len(lines)}", *lines] if lines else []


def _grade_notes(grade: Grade) -> Iterator[str]:
    if grade.state in ("unreadable", "internal error") and grade.is_scored:
        yield f"the last submission has no grade ({grade.state}); the grade of an earlier one stands."
    for exercise in grade.exercises:
        if exercise.needs_person and exercise.manual is not None and exercise.judged is not None:
            yield (
                f"{exercise.exercise} keeps the {number(exercise.manual)} points given by hand, though the judge gave "
                f"{number(exercise.judged)} since; confirm or change them in the formgrader."
            )


def _cell(exercise: ExerciseGrade | None) -> str:
    if exercise is None or not exercise.is_scored:
        return ""
    points = number(exercise.points)
    return STOPPED.get(exercise.status, points) if exercise.points == 0 else points


def _changed(change: Change) -> str:
    return f"{change.exercise} {change.before:g} → {change.after:g} of {change.max_points} ({change.status})"
