"""Which of a student's files is the submission."""

from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

from autograder.errors import Unreadable
from autograder.notebook.choose import read_submission as read_submission
from autograder.notebook.extra_files import MAX_BYTES
from autograder.notebook.read import parse_notebook
from autograder.version import course_version
from tests.autograder.submissions import UNIT, cell_of

NAME = f"{UNIT}.ipynb"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "ada" / UNIT
    folder.mkdir(parents=True)
    return folder


def put(path, nb):
    path.parent.mkdir(exist_ok=True)
    path.write_text(nbformat.writes(nb) if isinstance(nb, NotebookNode) else nb)


def answer(nb):
    return cell_of(nb, "num_params").source


def read(folder):
    return read_submission(folder, "ada", UNIT, 7)


def taken(submission):
    return parse_notebook(NAME, submission.raw)


def test_the_notebook_of_the_right_name_is_taken_without_a_word(folder, right):
    put(folder / NAME, right)

    submission = read(folder)

    assert (submission.raw, submission.note) == ((folder / NAME).read_bytes(), "")
    assert (submission.student, submission.unit, submission.seed) == ("ada", UNIT, 7)
    assert (submission.version, submission.submitted_at) == (course_version(UNIT), None)


def test_what_is_to_be_known_of_a_submission_is_one_note(folder, right):
    put(folder / "mine.ipynb", right)
    (folder / "data.bin").write_bytes(bytes(MAX_BYTES + 1))
    (folder / "timestamp.txt").write_text("yesterday")

    note = read(folder).note

    assert note.index("mine.ipynb was graded") < note.index("1 file beside") < note.index("timestamp.txt has no valid")


@pytest.mark.parametrize(
    "name",
    [
        "u01_rnn_cell (1).ipynb",
        "u01_rnn_cell-Copy1.ipynb",
        "u01_rnn_cell.ipynb.txt",
        "U01_RNN_CELL.IPYNB",
        "내 과제.ipynb",
        "u01_rnn_cell/u01_rnn_cell.ipynb",
    ],
)
def test_one_notebook_under_another_name_is_taken_and_named(folder, right, name):
    put(folder / name, right)

    submission = read(folder)

    assert answer(taken(submission)) == answer(right)
    assert submission.note == f"{name} was graded, because {NAME} is missing."


WHY = [("", "is empty"), ("{", "is not JSON"), (None, "is unchanged from the release")]


@pytest.mark.parametrize(("named", "why"), WHY)
def test_a_written_notebook_beside_one_without_answers_is_taken(folder, right, untouched, named, why):
    put(folder / NAME, untouched if named is None else named)
    put(folder / "u01_rnn_cell (1).ipynb", right)

    submission = read(folder)

    assert answer(taken(submission)) == answer(right)
    assert submission.note.startswith(f"u01_rnn_cell (1).ipynb was graded, because {NAME} {why}")


def test_the_right_name_wins_and_the_other_is_named(folder, right):
    put(folder / NAME, right)
    other = nbformat.from_dict(right)
    cell_of(other, "num_params").source += "\n# later"
    put(folder / "u01_rnn_cell (1).ipynb", other)

    submission = read(folder)

    assert "# later" not in answer(taken(submission))
    assert submission.note == f"{NAME} was graded, not u01_rnn_cell (1).ipynb."


def test_of_several_that_may_be_meant_none_is_taken(folder, right):
    put(folder / "a.ipynb", right)
    put(folder / "b.ipynb", right)

    with pytest.raises(Unreadable, match=r"it may be a\.ipynb or b\.ipynb; give the right one that name\."):
        read(folder)


def test_an_untouched_notebook_is_taken_as_it_is(folder, untouched):
    put(folder / NAME, untouched)

    assert read(folder).note == ""


def test_notebooks_of_other_units_and_hidden_files_are_no_candidates(folder, right):
    put(folder / NAME, right)
    put(folder / "._u01_rnn_cell.ipynb", right)
    put(folder / ".ipynb_checkpoints" / "u01_rnn_cell-checkpoint.ipynb", right)
    put(folder / "mine.ipynb", nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("print(1)")]))

    assert read(folder).note == ""


def test_what_lies_there_instead_of_the_notebook_is_named(folder):
    (folder / "homework.zip").write_bytes(b"PK")

    with pytest.raises(
        Unreadable, match=rf"^{NAME} is missing, there is only homework\.zip; ask the student to submit it\.$"
    ):
        read(folder)


def test_a_folder_that_is_a_link_is_refused(folder, right, tmp_path):
    put(folder / NAME, right)
    (tmp_path / "bea").mkdir()
    (tmp_path / "bea" / UNIT).symlink_to(folder)
    (tmp_path / "cyd").symlink_to(tmp_path / "ada")

    for student in ("bea", "cyd"):
        with pytest.raises(Unreadable, match="is a link; ask the student for the files themselves"):
            read(tmp_path / student / UNIT)


def test_a_folder_that_the_grader_may_not_enter_is_not_taken_for_an_empty_one(folder, right, monkeypatch):
    def refuse(path):
        raise PermissionError

    put(folder / NAME, right)
    # Root may enter everything, and the tests may run as root.
    monkeypatch.setattr(Path, "lstat", refuse)

    with pytest.raises(Unreadable, match="may not be read by the grader; change its permissions"):
        read(folder)


def test_a_name_with_control_characters_is_shown_on_one_line(folder):
    (folder / "a\n\x1b[2Jb.txt").write_text("x")

    with pytest.raises(Unreadable) as refused:
        read(folder)

    assert str(refused.value).isprintable()


def test_a_heap_of_notebooks_is_not_read_through(folder, right):
    for number in range(3):
        (folder / f"{number}.ipynb").write_bytes(b" " * 10_000_000)
    put(folder / "4.ipynb", right)

    with pytest.raises(Unreadable, match="is missing, there is only"):
        read(folder)
