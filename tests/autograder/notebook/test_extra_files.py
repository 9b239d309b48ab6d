"""Which files beside a notebook are given to it, and how many."""

import os
import time

import pytest

from autograder.grading.grade import grade
from autograder.notebook.extra_files import MAX_BYTES, MAX_FILES, files_beside
from tests.autograder.submissions import UNIT, cell_of, hand_in


def test_files_come_by_their_paths_and_modules_come_first(tmp_path):
    (tmp_path / "a.txt").write_text("1")
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "z.py").write_text("2")
    (tmp_path / "timestamp.txt").write_text("2026-01-01 00:00:00")

    beside = files_beside(tmp_path / f"{UNIT}.ipynb")

    assert list(beside.files.items()) == [("tools/z.py", b"2"), ("a.txt", b"1")]
    assert beside.note == ""


@pytest.mark.slow
def test_a_heap_of_files_is_bounded_and_the_note_says_what_was_left_out(tmp_path):
    for number in range(10_000):
        (tmp_path / f"{number:05}.txt").touch()
    (tmp_path / "mytools.py").touch()
    start = time.perf_counter()

    beside = files_beside(tmp_path / f"{UNIT}.ipynb")

    assert time.perf_counter() - start < 3
    assert len(beside.files) == MAX_FILES
    assert next(iter(beside.files)) == "mytools.py"
    assert beside.note == (
        "9,951 files beside the notebook were not given to it: the limit is 50 files and 10 MB in all."
    )


def test_a_huge_file_is_left_out_and_not_read(tmp_path):
    with open(tmp_path / "data.bin", "wb") as file:
        file.truncate(100_000_000)
    (tmp_path / "last.txt").write_bytes(bytes(MAX_BYTES))

    beside = files_beside(tmp_path / f"{UNIT}.ipynb")

    assert list(beside.files) == ["last.txt"]
    assert beside.note.startswith("1 file beside the notebook was not given to it")


def test_names_that_are_no_text_and_folders_below_the_fourth_are_left_aside(tmp_path):
    deep = tmp_path / "1" / "2" / "3" / "4"
    deep.mkdir(parents=True)
    (deep / "x.py").touch()
    (deep.parent / "y.py").touch()
    (tmp_path / os.fsdecode(b"\xff.py")).touch()

    assert list(files_beside(tmp_path / f"{UNIT}.ipynb").files) == ["1/2/3/y.py"]


@pytest.mark.sandbox
@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")
@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_a_changed_file_beside_the_notebook_is_judged_again(released_course, right):
    answer = cell_of(right, "softmax").source
    cell_of(right, "softmax").source = "from mytools import softmax"
    hand_in(released_course, "ada", right)
    module = released_course / "submitted" / "ada" / UNIT / "mytools.py"
    module.write_text("def softmax(z, axis=-1):\n    return z\n")

    (wrong,) = grade(released_course, UNIT, workers=1)
    module.write_text(f"import numpy as np\n{answer}\n")
    (rebuilt,) = grade(released_course, UNIT, workers=1)
    (unchanged,) = grade(released_course, UNIT, workers=1)

    assert [(run.points, run.earlier) for run in (wrong, rebuilt, unchanged)] == [(18, False), (20, False), (20, True)]
