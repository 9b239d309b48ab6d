"""Grading through nbgrader: our command and nbgrader's own give the same grades, and nothing stops the others."""

import csv
import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.course import CourseError
from autograder.grade import grade, grade_one, students
from autograder.preprocessors import Judge
from autograder.report import notes, write_csv
from tests.autograder.submissions import UNIT, cell_of

pytestmark = [
    pytest.mark.sandbox,
    # nbgrader 0.9.6 with SQLAlchemy 2.1
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


def hand_in(course, student, content):
    folder = course / "submitted" / student / UNIT
    folder.mkdir(parents=True)
    text = content if isinstance(content, str) else nbformat.writes(content)
    (folder / f"{UNIT}.ipynb").write_text(text)


def scores(course):
    with Gradebook(f"sqlite:///{course}/gradebook.db") as gradebook:
        found = {s.student.id: s.score for s in gradebook.assignment_submissions(UNIT)}
    return {student: found[student] for student in ("cheat", "right", "wrong")}


@pytest.fixture(scope="module")
def course(tmp_path_factory, instructor_path):
    course = tmp_path_factory.mktemp("course")
    right = nbformat.read(instructor_path, as_version=4)
    hand_in(course, "right", right)
    hand_in(course, "damaged", nbformat.writes(right)[:1000])
    wrong = nbformat.read(instructor_path, as_version=4)
    cell_of(wrong, "num_params").source = "def num_params(D, H, C):\n    raise ValueError('<script>alert(1)</script>')"
    hand_in(course, "wrong", wrong)
    cheat = nbformat.read(instructor_path, as_version=4)
    cell_of(cheat, "softmax").source = "get_ipython().displayhook(2)\ncheck = lambda function: 2"
    hand_in(course, "cheat", cheat)
    return course


@pytest.fixture(scope="module")
def results(course):
    return list(grade(course, UNIT))


def test_every_submission_ends_with_a_grade_or_a_named_state(results):
    assert [(r.student, r.state, r.points) for r in results] == [
        ("cheat", "graded", 18),
        ("damaged", "unreadable", 0),
        ("right", "graded", 20),
        ("wrong", "graded", 19),
    ]


def test_the_gradebook_holds_the_points(course, results):
    assert scores(course) == {"cheat": 18, "right": 20, "wrong": 19}


def test_verdicts_are_written_for_each_student(course, results):
    records = json.loads((course / "verdicts" / UNIT / "wrong.json").read_text())

    assert [r["points"] for r in records] == [2, 2, 4, 2, 4, 0, 2, 3]


def test_feedback_says_what_failed_and_shows_nothing_as_html(course, results):
    page = (course / "feedback" / "wrong" / UNIT / f"{UNIT}.html").read_text()

    assert "num_params" in page
    assert "<strong>0 of 1 point</strong>: an exception" in page
    assert "<script>alert(1)" not in page


def test_grades_csv_has_a_row_for_every_student(course, results, tmp_path):
    write_csv(tmp_path / "grades.csv", UNIT, results)
    with (tmp_path / "grades.csv").open() as file:
        rows = {row["student"]: row for row in csv.DictReader(file)}

    assert (rows["right"]["points"], rows["right"]["max_points"]) == ("20", "20")
    assert (rows["damaged"]["state"], rows["damaged"]["points"]) == ("unreadable", "")
    assert rows["wrong"]["num_params"] == "0"


def test_what_was_not_graded_is_explained(results):
    assert notes(results) == [
        "damaged: u01_rnn_cell.ipynb is not JSON, so it is damaged or no notebook; ask for the file again."
    ]


def test_plain_nbgrader_gives_the_same_points(course, results):
    before = scores(course)
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}

    def nbgrader(*words):
        command = ["nbgrader", *words, UNIT, "--force"]
        return subprocess.run(command, cwd=course, env=environment, capture_output=True, text=True, timeout=200)

    graded, fed_back = nbgrader("autograde"), nbgrader("generate_feedback")

    # The damaged notebook is reported, and stops nobody.
    assert "NotJSONError" in graded.stderr
    assert "for student 'damaged'" in graded.stderr
    assert fed_back.returncode == 0, fed_back.stderr
    assert scores(course) == before


def test_a_fault_of_ours_is_reported_as_ours_and_records_no_grade(course, results, monkeypatch):
    monkeypatch.setattr(Judge, "preprocess", lambda self, nb, resources: 1 / 0)

    result = grade_one(course, UNIT, "right")

    assert (result.state, result.records) == ("ours", ())
    assert "ZeroDivisionError" in result.reason


def test_a_notebook_of_another_name_is_named(course, results):
    folder = course / "submitted" / "renamed" / UNIT
    folder.mkdir(parents=True)
    (folder / f"{UNIT} (1).ipynb").write_text("{}")

    result = grade_one(course, UNIT, "renamed")

    assert result.state == "unreadable"
    assert result.reason == "u01_rnn_cell.ipynb is missing; is it u01_rnn_cell (1).ipynb? Give it that name."


def test_a_student_without_any_notebook_has_a_named_state(course, results):
    (course / "submitted" / "empty-handed" / UNIT).mkdir(parents=True)

    assert grade_one(course, UNIT, "empty-handed").reason == "u01_rnn_cell.ipynb is missing; ask for it."


def test_a_file_in_place_of_the_students_folder_has_a_named_state(course, results):
    (course / "submitted" / "flat").mkdir()
    (course / "submitted" / "flat" / UNIT).write_text("{}")

    assert grade_one(course, UNIT, "flat").reason == "u01_rnn_cell.ipynb is missing; ask for it."


def test_a_course_without_submissions_says_where_they_go(tmp_path):
    with pytest.raises(CourseError, match=r"submitted/<student>/u01_rnn_cell; put each notebook there"):
        students(tmp_path, UNIT)
