"""Damaged submissions: each ends as its case says, in one class in which nobody else is hurt."""

import csv
import hashlib
import io
import os
import stat
import sys
import unicodedata
from dataclasses import dataclass
from pathlib import Path

import pytest
from nbgrader.api import Gradebook
from rich.console import Console

import solutions
from autograder import cli
from autograder.build import write_instructor
from autograder.grading.update import update_grades
from autograder.pages import report
from autograder.paths import instructor_path, student_path
from autograder.results import Result
from tests.hostile.damage import FULL, NAME, UNIT, cases, make_class, put, right, row, timed, verdicts

CASES = cases()
EACH = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
# Kinds of damage that make a single file unreadable, whatever lies around it.
OF_THE_FILE = (
    "file_",
    "json_list",
    "json_number",
    "json_of_something_else",
    "link_to_",
    "other_notebook",
    "special_",
    "too_",
)
GRADED = [
    pytest.mark.sandbox,
    pytest.mark.alone,
    # The first test waits for the whole class.
    pytest.mark.timeout(600),
    # nbgrader 0.9.6 with SQLAlchemy 2.1
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def graded(test):
    """Mark a test that needs the graded class."""
    for mark in GRADED:
        test = mark(test)
    return test


@dataclass(frozen=True)
class Class:
    """The corpus as a class: its folder, the names of those who got all right, the files before, and the results."""

    course: Path
    neighbours: list[str]
    before: dict[str, tuple[int, int, bytes]]
    results: dict[str, tuple[Result, float]]


@pytest.fixture(scope="module")
def built():
    for unit in (UNIT, "u02_bptt"):
        write_instructor(solutions.unit(unit))


@pytest.fixture(scope="module")
def handed_in(built, tmp_path_factory):
    """The course folder with all cases in it, and the names of those who got all right."""
    course = tmp_path_factory.mktemp("damaged") / "course"
    return course, make_class(course)


@pytest.fixture(scope="module")
def graded_class(handed_in):
    course, neighbours = handed_in
    before = watched(course)
    return Class(course, neighbours, before, {result.student: (result, seconds) for result, seconds in timed(course)})


def watched(course):
    """Return the files of the course, of the folder that it lies in, and of the project's notebooks."""
    return files(course.parent) | files(instructor_path(UNIT).parents[1]) | files(student_path(UNIT).parents[1])


def files(top):
    """Return kind, permissions, size and contents of all files below ``top``."""
    found = {}
    for at, folders, names in os.walk(top):
        for path in (Path(at, name) for name in (*folders, *names)):
            status = path.lstat()
            readable = stat.S_ISREG(status.st_mode) and os.access(path, os.R_OK)
            digest = hashlib.sha256(path.read_bytes() if readable else b"").digest()
            found[str(path)] = (status.st_mode, status.st_size, digest)
    return found


@EACH
@graded
def test_the_outcome_is_the_one_that_the_case_says(graded_class, case):
    result, seconds = graded_class.results[case.student]

    assert row(case, result, seconds).surprises == ()


@graded
def test_right_submissions_between_the_damaged_ones_get_full_points(graded_class):
    assert len(graded_class.neighbours) > 10
    for student in graded_class.neighbours:
        assert verdicts(graded_class.results[student][0]) == FULL


@graded
def test_every_student_ends_with_one_result(graded_class):
    assert set(graded_class.results) == {case.student for case in CASES} | set(graded_class.neighbours)


@graded
def test_the_gradebook_holds_the_points_of_the_graded_and_no_zero_for_the_unreadable(graded_class):
    with Gradebook(f"sqlite:///{graded_class.course}/gradebook.db") as gradebook:
        scores = {submission.student.id: submission.score for submission in gradebook.assignment_submissions(UNIT)}

    results = [result for result, _ in graded_class.results.values()]
    assert scores == {result.student: result.points for result in results if result.state == "graded"}


@graded
def test_what_was_handed_in_and_what_lies_outside_the_course_is_unchanged(graded_class):
    course, handed_in = (f"{path}{os.sep}" for path in (graded_class.course, graded_class.course / "submitted"))

    def kept(found):
        return {path: file for path, file in found.items() if path.startswith(handed_in) or not path.startswith(course)}

    assert kept(watched(graded_class.course)) == kept(graded_class.before)


@graded
def test_every_graded_student_has_a_feedback_page_and_a_verdict_file(graded_class):
    course = graded_class.course
    for result, _ in graded_class.results.values():
        is_graded = result.state == "graded"
        # A name may be too long for a file of that name, which pathlib would raise for.
        assert os.path.exists(course / "feedback" / result.student / UNIT / f"{UNIT}.html") == is_graded
        assert os.path.exists(course / "verdicts" / UNIT / f"{result.student}.json") == is_graded


@graded
def test_the_reports_hold_every_student_on_one_line_without_formulas(graded_class):
    results = [result for result, _ in graded_class.results.values()]
    shown = io.StringIO()
    grades = update_grades(graded_class.course).grades[UNIT]
    Console(file=shown, width=300).print(report.terminal_table(UNIT, grades))
    with (graded_class.course / "grades" / f"{UNIT}.csv").open(newline="", encoding="utf-8") as file:
        lines = list(csv.reader(file))[1:]

    cells = [cell for line in lines for cell in line]
    assert len(lines) == len(results)
    for text in (*shown.getvalue().split("\n"), *report.notes(results), *cells):
        # Control characters would steer the terminal, surrogates cannot be written.
        assert not {unicodedata.category(letter) for letter in text} & {"Cc", "Cs"}
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.sandbox
@pytest.mark.parametrize(
    "case", [case for case in CASES if case.name.startswith(OF_THE_FILE)], ids=lambda case: case.name
)
def test_the_command_verdict_says_the_same_of_the_file(handed_in, case, capsys, monkeypatch):
    course, _ = handed_in
    monkeypatch.setattr(sys, "argv", ["autograder", "verdict", str(course / "submitted" / case.student / UNIT / NAME)])

    with pytest.raises(SystemExit) as ended:
        cli.main()

    said = " ".join(capsys.readouterr().err.split())
    assert ended.value.code == 1
    assert "Traceback" not in said
    assert case.says in said


@pytest.mark.slow
def test_every_case_is_told_in_one_line_and_damages_something(handed_in, tmp_path):
    course, _ = handed_in
    put(tmp_path, right())
    for case in CASES:
        folder = course / "submitted" / case.student / UNIT

        assert case.tries.endswith("."), case.name
        assert case.state in ("graded", "unreadable"), case.name
        assert case.says or case.state == "graded", case.name
        assert case.student != case.name or relative(folder) != relative(tmp_path), case.name


def relative(folder):
    return {os.path.relpath(path, folder): file for path, file in files(folder).items()}
