"""The notebooks as the course releases them, and the unit to which a submission belongs."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.errors import Unreadable
from autograder.paths import student_path
from rnnlab.specs import UNITS

DEFINED = re.compile(r"def (\w+)\(")


def unit_of(name: str, nb: NotebookNode) -> str:
    """Return the unit of which ``nb`` has most cells and functions.

    Answers and checks count; in a unit without exercises, all its cells.
    Raises Unreadable if it has none of any unit.
    """
    counts = {unit: _recognised(nb, unit) for unit in UNITS}
    best = max(counts, key=lambda unit: counts[unit])
    if not counts[best]:
        raise Unreadable(f"{name} has no cell of any unit of this course; submit the course's notebook.")
    return best


def check_unit(name: str, nb: NotebookNode, unit: str) -> None:
    """Raise Unreadable if ``nb`` belongs to another unit than ``unit``."""
    found = unit_of(name, nb)
    if found == unit:
        return
    if _named(nb, found):
        raise Unreadable(f"{name} is a notebook of unit {found}, not of {unit}; submit the right one.")
    raise Unreadable(
        f"{name} is not a notebook of unit {unit}: it has functions with the names of unit {found}, but none of its "
        "cells; submit the course's notebook."
    )


@cache
def released(unit: str) -> NotebookNode:
    """Return the student notebook of ``unit`` as the course releases it.

    Raises FileNotFoundError if it was not built.
    """
    # nbformat.read would validate it against the schema, which takes ten times as long.
    return nbformat.v4.reads(student_path(unit).read_text(encoding="utf-8"))


def _recognised(nb: NotebookNode, unit: str) -> int:
    """Return how many cells of ``nb`` have the name of a cell of the unit, plus how many define its functions."""
    _, answers = _names(unit)
    return _named(nb, unit) + sum(len(answers.intersection(DEFINED.findall(cell.source))) for cell in nb.cells)


def _named(nb: NotebookNode, unit: str) -> int:
    """Return how many cells of ``nb`` have the name of a cell of the unit."""
    course, _ = _names(unit)
    return sum(key_of(cell, course) is not None for cell in nb.cells)


@cache
def _names(unit: str) -> tuple[dict[str, NotebookNode], set[str]]:
    """Return the cells that identify the unit, by name, and the names of its functions."""
    cells = {cell.id: cell for cell in released(unit).cells}
    graded = {key: cell for key, cell in cells.items() if is_graded_or_answer(cell)}
    return graded or cells, {key for key, cell in graded.items() if nbgrader_of(cell).get("solution")}


def key_of(cell: NotebookNode, course: dict[str, NotebookNode]) -> str | None:
    """Return the course's name of a submitted cell: its grade id, or else its cell id; None if neither is known."""
    marks = cell.metadata.get("nbgrader")
    names = [marks.get("grade_id") if isinstance(marks, dict) else None, cell.get("id")]
    return next((name for name in names if isinstance(name, str) and name in course), None)


def is_demo(cell: NotebookNode) -> bool:
    """Return whether a released cell is a demo, which defines nothing."""
    return "demo" in cell.metadata.get("tags", [])


def is_graded_or_answer(cell: NotebookNode) -> bool:
    return bool(nbgrader_of(cell).get("grade") or nbgrader_of(cell).get("solution"))


def nbgrader_of(cell: NotebookNode) -> dict[str, Any]:
    """Return nbgrader's metadata of a released cell."""
    return cell.metadata.get("nbgrader", {})
