"""Reports for instructors: a table of students by exercises in the terminal, and grades.csv."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

import solutions
from autograder.files import write_whole
from autograder.results import Change, Result, Verdict
from autograder.untrusted_text import csv_cell, printable

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


def terminal_table(unit: str, results: Sequence[Result]) -> Table:
    """Return a table of students by exercises: points or what ended the answer, and the total or the state."""
    text = solutions.unit(unit)
    numbered = list(enumerate(text.exercises, start=1))
    names = ", ".join(f"{number} {cell.exercise}" for number, cell in numbered)
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
    for number, cell in numbered:
        table.add_column(f"{number}\n/{cell.points}", justify="left", no_wrap=True)
    table.add_column(f"total\n/{text.points}", justify="right", no_wrap=True)
    for result in results:
        # As Text, for a name may look like markup.
        student = Text(printable(result.student))
        if result.state == "graded":
            cells = [_cell(verdict) for verdict in result.verdicts]
            table.add_row(student, *cells, str(result.points))
        else:
            table.add_row(student, *[""] * len(numbered), result.state)
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


def write_csv(path: Path, unit: str, results: Sequence[Result]) -> None:
    """Write one row per student: state, total, maximum, then the points of each exercise; empty where not graded.

    Raises OSError if it cannot be written.
    """
    text = solutions.unit(unit)
    names = [str(cell.exercise) for cell in text.exercises]
    rows = io.StringIO(newline="")
    writer = csv.writer(rows)
    writer.writerow(["student", "unit", "state", "points", "max_points", *names])
    for result in results:
        graded = result.state == "graded"
        points = [verdict.points for verdict in result.verdicts] if graded else [""] * len(names)
        total = result.points if graded else ""
        writer.writerow([csv_cell(result.student), unit, result.state, total, text.points, *points])
    write_whole(path, rows.getvalue())


def _cell(verdict: Verdict) -> str:
    points = str(verdict.points)
    return STOPPED.get(verdict.status, points) if verdict.points == 0 else points


def _changed(change: Change) -> str:
    return f"{change.exercise} {change.before:g} → {change.after:g} of {change.max_points} ({change.status})"
