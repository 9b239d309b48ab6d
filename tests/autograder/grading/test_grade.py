"""Grading a class: everybody ends with a grade or a named state, as with nbgrader's own commands, and only once."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.errors import CourseError
from autograder.grading import grade as grading
from autograder.grading.grade import grade, students
from autograder.nbgrader.course_folder import LOG, database, grading_lock
from autograder.notebook.choose import read_submission
from autograder.results import Result
from bench.gradebooks import contents
from tests.autograder.submissions import UNIT, cell_of, hand_in

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.alone,
    # nbgrader 0.9.6 with SQLAlchemy 2.1
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

FILES = (f"autograded/{{}}/{UNIT}/{UNIT}.ipynb", f"feedback/{{}}/{UNIT}/{UNIT}.html", f"verdicts/{UNIT}/{{}}.json")


def nothing_to_judge(submission, trusted):
    raise AssertionError("this was judged again")


def make_class(course, instructor_path):
    """Hand in five submissions, of which one cannot be read."""
    right = nbformat.read(instructor_path, as_version=4)
    hand_in(course, "right", right, timestamp="2026-03-01 12:00:00 Asia/Seoul")
    hand_in(course, "damaged", nbformat.writes(right)[:1000])
    wrong = nbformat.read(instructor_path, as_version=4)
    cell_of(wrong, "num_params").source = "def num_params(D, H, C):\n    raise ValueError('<script>alert(1)</script>')"
    hand_in(course, "wrong", wrong)
    cheat = nbformat.read(instructor_path, as_version=4)
    cell_of(cheat, "softmax").source = "get_ipython().displayhook(2)\ncheck = lambda function: 2"
    hand_in(course, "cheat", cheat)
    untouched = nbformat.read(instructor_path, as_version=4)
    untouched.cells = [cell for cell in untouched.cells if cell.id not in ("softmax", "rnn_forward")]
    hand_in(course, "김 철수's", untouched)
    (course / "secret").write_text("0123456789abcdef")
    return course


@pytest.fixture(scope="module")
def course(tmp_path_factory, instructor_path):
    return make_class(tmp_path_factory.mktemp("course"), instructor_path)


@pytest.fixture(scope="module")
def results(course):
    return {result.student: result for result in grade(course, UNIT, workers=2)}


def files(course, student):
    """Return what the files of a graded submission hold, without the seconds that judging took."""
    notebook, page, verdicts = ((course / name.format(student)).read_text() for name in FILES)
    told = json.loads(verdicts)
    for record in told["verdicts"]:
        del record["seconds"]
    return notebook, page, told


def test_every_submission_ends_with_a_grade_or_a_named_state(results):
    assert {r.student: (r.state, r.points) for r in results.values()} == {
        "cheat": ("graded", 18),
        "damaged": ("unreadable", 0),
        "right": ("graded", 20),
        "wrong": ("graded", 19),
        "김 철수's": ("graded", 14),
    }


def test_the_verdict_file_says_what_was_judged_and_from_what(course, results):
    file = json.loads((course / "verdicts" / UNIT / "wrong.json").read_text())

    assert [record["points"] for record in file["verdicts"]] == [2, 2, 4, 2, 4, 0, 2, 3]
    assert set(file) == {"student", "unit", "version", "seed", "submission", "verdict", "verdicts"}
    assert {record["seed"] for record in file["verdicts"]} == {file["seed"]}


def test_feedback_says_what_failed_and_shows_nothing_as_html(course, results):
    page = (course / "feedback" / "wrong" / UNIT / f"{UNIT}.html").read_text()

    assert "num_params" in page
    assert "<script>alert(1)" not in page


def test_a_second_run_grades_nothing_again(course, results, monkeypatch):
    before = contents(database(course))
    monkeypatch.setattr(grading, "work", nothing_to_judge)

    again = {result.student: result for result in grade(course, UNIT)}

    assert {name: (r.state, r.points, r.verdicts) for name, r in again.items()} == {
        name: (r.state, r.points, r.verdicts) for name, r in results.items()
    }
    assert {name for name, result in again.items() if result.earlier} == set(results)
    assert contents(database(course)) == before


def test_when_only_the_pages_change_they_are_rendered_anew_and_nothing_is_judged(course, results, monkeypatch):
    page = course / FILES[1].format("wrong")
    before = page.read_text()
    page.write_text("as it was rendered earlier")
    monkeypatch.setattr(grading, "work", nothing_to_judge)
    with monkeypatch.context() as changed:
        changed.setattr("autograder.gradebook.record.pages_version", lambda: "another")
        again = {result.student: result for result in grade(course, UNIT)}

    assert {name for name, result in again.items() if result.earlier} == set(results)
    assert page.read_text() == before
    list(grade(course, UNIT))  # as it was, for the tests below


def test_a_mistake_of_ours_costs_nobody_else_a_grade(course, results, monkeypatch):
    def mistaken(folder, student, *others):
        return 1 / 0 if student == "wrong" else read_submission(folder, student, *others)

    before = contents(database(course))
    monkeypatch.setattr(grading, "read_submission", mistaken)

    again = {result.student: result for result in grade(course, UNIT)}

    assert again["wrong"].state == "internal_error"
    assert "The grader itself failed (ZeroDivisionError: division by zero)" in again["wrong"].reason
    assert "Traceback" in (course / LOG).read_text()
    assert {name for name, result in again.items() if result.earlier} == set(results) - {"wrong"}
    assert contents(database(course)) == before


class Crew:
    """Workers that have one result for every submission."""

    full = False

    def __init__(self, result):
        self.result = result
        self.submissions = []

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    @property
    def busy(self):
        return bool(self.submissions)

    def submit(self, submission):
        self.submissions.append(submission)

    def next(self):
        return self.submissions.pop(), self.result


def test_an_exception_over_a_submission_is_logged_noted_and_recorded_once(tmp_path, instructor_path, monkeypatch):
    hand_in(tmp_path, "eve", instructor_path.read_text())
    reason = "the grader failed over it (KeyError)"
    crew = Crew(Result("eve", "unreadable", reason, fault="Traceback ...\nKeyError: 'x'"))
    monkeypatch.setattr(grading, "_crew", lambda *_: crew)

    (result,) = grade(tmp_path, UNIT)
    (again,) = grade(tmp_path, UNIT)

    assert (result.state, result.reason) == ("unreadable", reason)
    assert str(tmp_path / LOG) in result.note
    assert "eve: exceptions over this submission\nTraceback ...\nKeyError: 'x'" in (tmp_path / LOG).read_text()
    assert (again.state, again.reason, again.earlier) == ("unreadable", reason, True)


def test_no_name_of_a_folder_makes_a_line_in_the_log(tmp_path, instructor_path, monkeypatch):
    hand_in(tmp_path, "eve\nbob: not graded", instructor_path.read_text())
    crew = Crew(Result("eve\nbob: not graded", "unreadable", "no reason", fault="KeyError: 'x'"))
    monkeypatch.setattr(grading, "_crew", lambda *_: crew)

    list(grade(tmp_path, UNIT))

    assert "eve\\nbob: not graded: exceptions over" in (tmp_path / LOG).read_text()
    assert not any(line.startswith("bob") for line in (tmp_path / LOG).read_text().splitlines())


@pytest.mark.slow
def test_one_worker_gives_the_same_bytes_as_two(course, results, tmp_path, instructor_path):
    other = make_class(tmp_path, instructor_path)
    list(grade(other, UNIT, workers=1))

    assert contents(database(other)) == contents(database(course))
    for student in set(results) - {"damaged"}:
        assert files(other, student) == files(course, student)


@pytest.mark.slow
def test_plain_nbgrader_leaves_the_same_gradebook_and_the_same_files(course, results, tmp_path, instructor_path):
    other = make_class(tmp_path, instructor_path)
    grading.prepare(other, UNIT)
    environment = {**os.environ, "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}"}

    def nbgrader(command):
        words = ["nbgrader", command, UNIT]
        return subprocess.run(words, cwd=other, env=environment, capture_output=True, text=True, timeout=200)

    graded, fed_back = nbgrader("autograde"), nbgrader("generate_feedback")

    # The damaged notebook is reported, and stops nobody.
    assert "is not JSON, so it is damaged" in graded.stderr
    assert fed_back.returncode == 0, fed_back.stderr
    assert contents(database(other), own_tables=False) == contents(database(course), own_tables=False)
    for student in set(results) - {"damaged"}:
        assert files(other, student) == files(course, student)


def test_a_changed_submission_is_graded_again_and_the_others_are_not(course, results, instructor_path):
    nb = nbformat.read(instructor_path, as_version=4)
    cell_of(nb, "one_hot").source = "def one_hot(idx, vocab_size, dtype=float):\n    return 0"
    hand_in(course, "김 철수's", nb)

    again = {result.student: result for result in grade(course, UNIT)}

    assert (again["김 철수's"].earlier, again["김 철수's"].points) == (False, 18)
    assert {name for name, result in again.items() if result.earlier} == set(results) - {"김 철수's"}


def test_a_student_without_any_notebook_has_a_named_state(course, results):
    (course / "submitted" / "empty-handed" / UNIT).mkdir(parents=True)

    again = {result.student: result for result in grade(course, UNIT)}

    assert again["empty-handed"].state == "unreadable"
    assert again["empty-handed"].reason == "u01_rnn_cell.ipynb is missing; ask the student to submit it."


def test_a_course_without_submissions_says_where_they_go(tmp_path):
    with pytest.raises(CourseError, match=r"submitted/<student>/u01_rnn_cell; put each notebook there"):
        students(tmp_path, UNIT)


def test_a_second_grader_is_told_to_wait(course, results):
    with grading_lock(course), pytest.raises(CourseError, match=rf"another command \(process {os.getpid()}\); wait"):
        list(grade(course, UNIT))
