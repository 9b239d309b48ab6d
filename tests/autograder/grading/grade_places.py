"""Every place that shows a grade, read as people and programs read it."""

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from nbgrader.api import Gradebook, MissingEntry
from rich.console import Console

from autograder.gradebook.database import ignore_sqlalchemy_warnings
from autograder.grades import Grade, number
from autograder.nbgrader.course_folder import database
from autograder.pages.report import terminal_table

TOTAL = re.compile(r'<p class="total">([\d.]+) of')


def rows(path: Path) -> dict[str, dict[str, str]]:
    """Return the rows of one of the files for spreadsheets, by student."""
    with path.open(newline="", encoding="utf-8") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def places(course: Path, unit: str, grades: Sequence[Grade]) -> dict[str, dict[str, str]]:
    """Return for each student the grade in ``unit`` by the place that shows it, "" where there is none."""
    in_file, in_all, printed = (
        rows(course / "grades" / f"{unit}.csv"),
        rows(course / "grades/all.csv"),
        _printed(grades),
    )
    found = {}
    with ignore_sqlalchemy_warnings(), Gradebook(database(course)) as gradebook:
        for student in in_file:
            page = course / "feedback" / student / unit / f"{unit}.html"
            total = TOTAL.search(page.read_text(encoding="utf-8")) if page.exists() else None
            found[student] = {
                "csv": in_file[student]["final"],
                "all": in_all[student][unit],
                "terminal": printed[student],
                "page": total[1] if total else "",
                "gradebook": _in_gradebook(gradebook, unit, student),
            }
    return found


def _printed(grades: Sequence[Grade]) -> dict[str, str]:
    console = Console(file=io.StringIO(), width=300)
    table = terminal_table(grades[0].unit, grades)
    console.print(table)
    column = next(i for i, column in enumerate(table.columns) if str(column.header).startswith("total"))
    students, totals = list(table.columns[0].cells), list(table.columns[column].cells)
    cells = zip(students, totals, strict=True)
    return {str(student): str(total) if re.fullmatch(r"[\d.]+", str(total)) else "" for student, total in cells}


def _in_gradebook(gradebook: Gradebook, unit: str, student: str) -> str:
    """Return what nbgrader's own export says."""
    try:
        submission = gradebook.find_submission(unit, student)
    except MissingEntry:
        return ""
    return number(max(0.0, submission.score - submission.late_submission_penalty))
