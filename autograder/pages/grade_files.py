"""The files for spreadsheets: grades/<unit>.csv, and grades/all.csv with one row per student over all units."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from pathlib import Path

import solutions
from autograder.files import write_whole
from autograder.grades import Grade, duration, number
from autograder.untrusted_text import csv_cell

FOLDER = "grades"
ALL = "all.csv"
PARTS = ("judged", "manual", "extra", "penalty", "final", "maximum")


def write_grades(course: Path, grades: Mapping[str, Sequence[Grade]]) -> None:
    """Write a file for each unit and one for all, each atomically.

    Raises OSError if one cannot be written.
    """
    for unit, of_unit in grades.items():
        write_whole(course / FOLDER / f"{unit}.csv", unit_csv(unit, of_unit))
    write_whole(course / FOLDER / ALL, all_csv(grades))


def unit_csv(unit: str, grades: Sequence[Grade]) -> str:
    """Return one row per student: the grade and its parts, empty where there is none, then the points by exercise."""
    names = [str(cell.exercise) for cell in solutions.unit(unit).exercises]
    rows: list[list[str]] = [["id", "name", *PARTS, "state", "late by", *names]]
    for grade in grades:
        by_name = {exercise.exercise: exercise.points for exercise in grade.exercises if exercise.is_scored}
        points = [number(by_name[name]) if name in by_name else "" for name in names]
        rows.append([*_student(grade), *_parts([grade]), grade.state, duration(grade.late), *points])
    return _csv(rows)


def all_csv(grades: Mapping[str, Sequence[Grade]]) -> str:
    """Return one row per student: the parts over all units, then the grade in each unit and its state."""
    columns = [name for unit in grades for name in (unit, f"{unit} state")]
    rows = [["id", "name", *PARTS, *columns]]
    by_unit = {unit: {grade.student: grade for grade in of_unit} for unit, of_unit in grades.items()}
    for student in dict.fromkeys(grade.student for of_unit in grades.values() for grade in of_unit):
        found = {unit: of_unit.get(student) for unit, of_unit in by_unit.items()}
        known = [grade for grade in found.values() if grade]
        cells = [
            cell
            for grade in found.values()
            for cell in ((_shown(grade.final), grade.state) if grade else ("", "not handed in"))
        ]
        rows.append([*_student(known[0]), *_parts(known), *cells])
    return _csv(rows)


def _student(grade: Grade) -> list[str]:
    return [csv_cell(grade.student), csv_cell(grade.name)]


def _parts(grades: Sequence[Grade]) -> list[str]:
    """Return the sums of the parts over ``grades``; all but the maximum are empty where nothing was scored."""
    scored = [grade for grade in grades if grade.is_scored]
    parts = [
        sum(grade.judged for grade in scored),
        sum(grade.manual for grade in scored),
        sum(grade.extra for grade in scored),
        sum(grade.penalty for grade in scored),
        sum(grade.final or 0.0 for grade in scored),
    ]
    return [*(number(part) if scored else "" for part in parts), number(sum(grade.maximum for grade in grades))]


def _shown(points: float | None) -> str:
    return "" if points is None else number(points)


def _csv(rows: Sequence[Sequence[str]]) -> str:
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    return text.getvalue()
