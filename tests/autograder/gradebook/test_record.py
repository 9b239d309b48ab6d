"""The writer: all of a submission or nothing, and what people wrote stays."""

import errno
import json
import pickle
import sqlite3
from dataclasses import replace
from datetime import datetime

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.errors import CannotRecord
from autograder.gradebook import database as gradebook_module
from autograder.gradebook import record as record_module
from autograder.gradebook.record import Recorder, output_paths, page_digest
from autograder.gradebook.verdict_file import read_verdicts, verdict_file
from autograder.grading.worker import work
from autograder.nbgrader import course_folder as course_module
from autograder.nbgrader.course_folder import config, database, prepare
from autograder.results import Change, Result
from bench.gradebooks import contents
from tests.autograder.submissions import UNIT, cell_of, submission

pytestmark = [
    pytest.mark.sandbox,
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

ADA, BELA = (submission(name, b"what was handed in", version="v1", seed=5) for name in ("ada", "bela"))


def judged(nb):
    return work(replace(ADA, raw=nbformat.writes(nb).encode()))


def of_bela(result):
    return replace(result, student="bela")


@pytest.fixture(scope="module")
def right(instructor_path):
    """What the worker makes of the right answers."""
    return judged(nbformat.read(instructor_path, as_version=4))


@pytest.fixture(scope="module")
def wrong(instructor_path):
    """The same, but one exercise is wrong."""
    nb = nbformat.read(instructor_path, as_version=4)
    cell_of(nb, "softmax").source = "def softmax(z, axis=-1):\n    return z"
    return judged(nb)


@pytest.fixture
def course(released_course):
    return released_course


@pytest.fixture
def recorder(course):
    with Recorder(course, UNIT, database(course), config(course)) as recorder:
        yield recorder


@pytest.fixture
def impatient(monkeypatch):
    monkeypatch.setattr(gradebook_module, "PAUSE", 0.0)
    monkeypatch.setattr(gradebook_module, "LOCK_TIMEOUT", 0.2)


def everything(course):
    """Return what the gradebook and the files of the course hold."""
    tops = ("autograded", "feedback", "verdicts")
    files = {path: path.read_text() for top in tops for path in (course / top).rglob("*") if path.is_file()}
    return contents(database(course)), files


def by_hand(course, change):
    """Let a person change a grade and a comment in the gradebook, as in the formgrader."""
    with Gradebook(database(course)) as gradebook:
        change(
            gradebook.find_grade("softmax-check", UNIT, UNIT, "ada"),
            gradebook.find_comment("softmax", UNIT, UNIT, "ada"),
        )
        gradebook.db.commit()


def test_a_graded_submission_is_in_the_gradebook_and_in_three_files(course, recorder, right):
    saved = recorder.save(right, ADA)

    with Gradebook(database(course)) as gradebook:
        entry = gradebook.find_submission(UNIT, "ada")
        assert (entry.score, entry.max_score, entry.needs_manual_grade) == (20, 20, False)
    notebook, page, verdicts = output_paths(course, UNIT, "ada")
    assert notebook.read_text() == right.notebook
    assert page.read_text() == right.page
    assert read_verdicts(verdicts) == right.verdicts
    record = recorder.records()["ada"]
    assert (record.state, record.verdict) == ("graded", json.loads(verdicts.read_text())["verdict"])
    assert (saved.state, saved.verdicts, saved.changes) == ("graded", right.verdicts, ())


def test_what_is_in_files_is_not_kept_in_memory(recorder, right):
    saved = recorder.save(right, ADA)

    assert min(len(right.notebook), len(right.page)) > 10_000
    assert len(pickle.dumps(saved)) < 5_000


def test_a_submission_that_was_graded_is_found_by_a_later_run_and_another_one_is_not(course, recorder, right):
    recorder.save(right, ADA)

    with Recorder(course, UNIT, database(course), config(course)) as later:
        assert later.earlier(replace(ADA, note="x")) == Result(
            "ada", "graded", note="x", verdicts=right.verdicts, earlier=True
        )
        changed = {
            "raw": b"other",
            "files": {"a": b""},
            "submitted_at": datetime(2026, 3, 2),
            "version": "v2",
            "seed": 6,
        }
        for name, value in changed.items():
            assert later.earlier(replace(ADA, **{name: value})) is None, name
        assert later.earlier(BELA) is None


@pytest.mark.parametrize("number", range(3))
def test_a_submission_whose_files_are_gone_is_to_be_graded_again(course, recorder, right, number):
    recorder.save(right, ADA)
    output_paths(course, UNIT, "ada")[number].unlink()

    with Recorder(course, UNIT, database(course), config(course)) as later:
        assert later.earlier(ADA) is None


def test_verdicts_that_somebody_has_edited_are_not_believed(course, recorder, right, wrong):
    recorder.save(wrong, ADA)
    path = output_paths(course, UNIT, "ada")[2]
    path.write_text(verdict_file(ADA, right.verdicts))

    with Recorder(course, UNIT, database(course), config(course)) as later:
        assert later.earlier(ADA) is None


def test_what_could_not_be_read_is_recorded_and_known_to_a_later_run(course, recorder):
    result = Result("ada", "unreadable", "It is empty.")
    recorder.save(result, None)
    recorder.save(of_bela(result), BELA)

    with Recorder(course, UNIT, database(course), config(course)) as later:
        assert later.is_recorded(result)
        assert not later.is_recorded(replace(result, reason="It is missing."))
        assert later.earlier(BELA) == replace(of_bela(result), earlier=True)


def test_what_ended_an_answer_is_in_the_gradebook(recorder, instructor_path):
    nb = nbformat.read(instructor_path, as_version=4)
    cell_of(nb, "softmax").source = "import os\ndef softmax(z, axis=-1):\n    os._exit(1)"

    recorder.save(judged(nb), ADA)

    statuses = recorder.records()["ada"].statuses
    assert statuses.pop("softmax") == "died"
    assert set(statuses.values()) == {"pass"}


@pytest.mark.parametrize("broken", ["write_whole", "_scores"])
def test_a_failure_on_the_way_leaves_the_gradebook_as_it_was(course, recorder, right, wrong, monkeypatch, broken):
    recorder.save(right, ADA)
    before = everything(course)[0]
    monkeypatch.setattr(record_module, broken, lambda *words: 1 / 0)

    for result, handed_in in ((wrong, ADA), (of_bela(wrong), BELA)):
        with pytest.raises(ZeroDivisionError):
            recorder.save(result, handed_in)
    assert everything(course)[0] == before


def test_points_and_comments_that_a_person_gave_stay(course, recorder, right, wrong):
    def kind(grade, comment):
        grade.manual_score, grade.extra_credit, grade.needs_manual_grade = 1.5, 0.25, False
        comment.manual_comment = "Nearly."

    recorder.save(right, ADA)
    by_hand(course, kind)
    recorder.save(wrong, replace(ADA, version="v2"))

    with Gradebook(database(course)) as gradebook:
        grade = gradebook.find_grade("softmax-check", UNIT, UNIT, "ada")
        comment = gradebook.find_comment("softmax", UNIT, UNIT, "ada")
        assert (grade.auto_score, grade.manual_score, grade.extra_credit, grade.score) == (0, 1.5, 0.25, 1.75)
        # As nbgrader has it: a person looks at it again.
        assert grade.needs_manual_grade
        assert comment.comment == "Nearly."
    page = output_paths(course, UNIT, "ada")[1].read_text()
    assert "Nearly." in page
    assert "1.75" in page


def test_the_next_run_writes_the_page_again_as_people_have_changed_it(course, recorder, right):
    def kind(grade, comment):
        grade.extra_credit, comment.manual_comment = 0.25, "Very neat."

    recorder.save(right, ADA)
    recorder.save(of_bela(right), BELA)
    by_hand(course, kind)
    with Recorder(course, UNIT, database(course), config(course)) as later:
        assert later.earlier(ADA).points == later.earlier(BELA).points == 20

    digests = {name: record.page for name, record in recorder.records().items()}
    assert digests == {name: page_digest(scores) for name, scores in recorder.scores().items()}
    assert digests["bela"] == page_digest(right.scores) != digests["ada"]
    page = output_paths(course, UNIT, "ada")[1].read_text()
    assert "Very neat." in page
    assert "20.25" in page


def test_a_regrade_says_what_changed_until_that_has_been_reported(course, recorder, right, wrong):
    change = Change("softmax", before=2, after=0, max_points=2, status="fail")
    recorder.save(right, ADA)
    second, third = replace(ADA, version="v2"), replace(ADA, version="v3")

    assert recorder.save(wrong, second).changes == (change,)
    assert recorder.save(wrong, second).changes == (change,)
    with Recorder(course, UNIT, database(course), config(course)) as later:
        assert later.earlier(second).changes == (change,)
    assert recorder.save(right, third).changes == ()
    assert recorder.save(wrong, second).changes == (change,)
    recorder.mark_changes_reported()
    assert recorder.records()["ada"].changes == []
    assert recorder.save(wrong, second).changes == ()


def test_another_submission_is_no_regrade(recorder, right, wrong):
    recorder.save(right, ADA)

    assert recorder.save(wrong, replace(ADA, raw=b"another")).changes == ()


def test_a_late_submission_costs_what_the_course_says(course, right):
    settings = config(course)
    settings.LateSubmissionPlugin.penalty_method = "zero"
    late = replace(ADA, submitted_at=datetime(2026, 3, 2))
    with Gradebook(database(course)) as gradebook:
        gradebook.find_assignment(UNIT).duedate = datetime(2026, 3, 1)
        gradebook.db.commit()

    with Recorder(course, UNIT, database(course), settings) as recorder:
        recorder.save(right, late)
        recorder.save(of_bela(right), BELA)

    with Gradebook(database(course)) as gradebook:
        penalties = [gradebook.find_submission(UNIT, name).late_submission_penalty for name in ("ada", "bela")]
    assert penalties == [20, 0]
    ada, bela = (output_paths(course, UNIT, name)[1].read_text() for name in ("ada", "bela"))
    assert ada != right.page
    assert bela == right.page


def test_a_full_disk_is_reported_and_nothing_is_recorded(course, recorder, right, monkeypatch, impatient):
    def full(*words):
        raise OSError(errno.ENOSPC, "No space left on device", "verdicts")

    before = everything(course)
    monkeypatch.setattr(record_module, "write_whole", full)

    with pytest.raises(CannotRecord, match="No space left on device: verdicts"):
        recorder.save(right, ADA)
    assert everything(course) == before


def test_a_folder_in_the_place_of_a_page_is_the_fault_of_that_page_alone(course, recorder, right):
    output_paths(course, UNIT, "ada")[1].mkdir(parents=True)

    with pytest.raises(IsADirectoryError):
        recorder.save(right, ADA)
    recorder.save(of_bela(right), BELA)
    assert set(recorder.records()) == {"bela"}


def test_a_locked_gradebook_is_waited_for_and_then_reported(course, right, impatient):
    with Recorder(course, UNIT, database(course), config(course)) as recorder:
        other = sqlite3.connect(course / "gradebook.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")

        with pytest.raises(CannotRecord, match="the gradebook's database says: database is locked"):
            recorder.save(right, ADA)

        other.execute("ROLLBACK")
        other.close()
        recorder.save(right, ADA)
        assert set(recorder.records()) == {"ada"}


def test_a_release_that_was_interrupted_is_done_again(tmp_path, instructor_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(course_module, "put_link", lambda source: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            prepare(tmp_path, UNIT)

    prepare(tmp_path, UNIT)

    assert (tmp_path / "release" / UNIT / f"{UNIT}.ipynb").exists()
    with Gradebook(database(tmp_path)) as gradebook:
        assert gradebook.find_assignment(UNIT).max_score == 20


def test_a_gradebook_whose_making_was_interrupted_is_completed(course):
    connection = sqlite3.connect(course / "gradebook.db")
    version = connection.execute("SELECT version_num FROM alembic_version").fetchall()
    connection.execute("DELETE FROM alembic_version")
    connection.commit()

    prepare(course, UNIT)

    assert connection.execute("SELECT version_num FROM alembic_version").fetchall() == version
    connection.close()
