"""What an instructor gets to see: a table of students by exercises in the terminal, and grades.csv."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from rich.box import SIMPLE_HEAD
from rich.table import Table

import solutions
from autograder.grade import Graded

# What ended an answer, where it was not simply wrong; statuses that are not here leave the bare points.
STOPPED = {
    "timeout": "time",
    "memory": "memory",
    "died": "died",
    "error": "error",
    "unwritten": "–",
    "missing": "–",
}


def terminal_table(unit: str, results: Sequence[Graded]) -> Table:
    """Return students by exercises: the points, what ended an answer, and the total, or why there is none."""
    text = solutions.unit(unit)
    numbered = list(enumerate(text.exercises, start=1))
    names = ", ".join(f"{number} {cell.exercise}" for number, cell in numbered)
    legend = f"{names}. Words stand for 0 points: – not written, time: no result in time, error: an exception."
    table = Table(
        title=text.title,
        title_justify="left",
        caption=legend,
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
        if result.state == "graded":
            cells = [_cell(record["points"], record["status"]) for record in result.records]
            table.add_row(result.student, *cells, str(result.points))
        else:
            table.add_row(result.student, *[""] * len(numbered), result.state)
    return table


def notes(results: Sequence[Graded]) -> list[str]:
    """Return a sentence for each submission that was not graded, and why."""
    return [f"{result.student}: {result.reason}" for result in results if result.state != "graded"]


def write_csv(path: Path, unit: str, results: Sequence[Graded]) -> None:
    """Write one row a student: state, total, maximum, then the points of each exercise; empty where not graded."""
    text = solutions.unit(unit)
    names = [str(cell.exercise) for cell in text.exercises]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["student", "unit", "state", "points", "max_points", *names])
        for result in results:
            graded = result.state == "graded"
            points = [record["points"] for record in result.records] if graded else [""] * len(names)
            total = result.points if graded else ""
            writer.writerow([result.student, unit, result.state, total, text.points, *points])


def _cell(points: int, status: str) -> str:
    return STOPPED.get(status, str(points)) if points == 0 else str(points)
