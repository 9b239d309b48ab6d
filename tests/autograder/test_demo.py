"""The demonstration class from the command to the table: everybody gets what the submission deserves."""

import csv
import re
import subprocess
import sys
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).with_name("autograder")

pytestmark = [pytest.mark.sandbox, pytest.mark.slow]

EXPECTED = {
    "ada-right": ("graded", "20"),
    "bela-right-but-noisy": ("graded", "20"),
    "cleo-empty": ("graded", "0"),
    "dana-global-max": ("graded", "19"),
    "emil-cell-wrong": ("graded", "16"),
    "fay-forward-wrong": ("graded", "16"),
    "gus-pixels-wrong": ("graded", "17"),
    "hana-half-done": ("graded", "10"),
    "ivo-endless-loop": ("graded", "16"),
    "jude-gives-points": ("graded", "18"),
    "kim-seeks-answers": ("graded", "18"),
    "lou-damaged": ("unreadable", ""),
}


@pytest.fixture(scope="module")
def demo(tmp_path_factory, instructor_path):
    course = tmp_path_factory.mktemp("demo")
    done = subprocess.run([COMMAND, "demo", "--course", course], capture_output=True, text=True, timeout=300)
    return course, done


def test_everybody_gets_what_the_submission_deserves(demo):
    course, done = demo
    with (course / "grades/u01_rnn_cell.csv").open() as file:
        rows = {row["id"]: (row["state"], row["final"]) for row in csv.DictReader(file)}

    assert done.returncode == 0, done.stderr
    assert rows == EXPECTED


def test_the_demonstration_ends_with_a_table_the_paths_and_the_next_command(demo):
    course, done = demo
    printed = done.stdout

    assert all(student in printed for student in EXPECTED)
    assert "ivo-endless-loop       2    2    time" in printed
    assert "lou-damaged: u01_rnn_cell.ipynb is not JSON" in printed
    for path in ("gradebook.db", "grades/u01_rnn_cell.csv", "feedback", "verdicts"):
        assert f"{course}/{path}" in printed
    assert re.search(rf"^next: \S*autograder verdict {course}/submitted/ada-right/", printed, re.MULTILINE)
    assert all(len(line) <= 80 for line in printed.splitlines() if str(course) not in line)


def test_the_seeker_found_no_answer_and_the_giver_no_points(demo):
    course, _ = demo
    with (course / "grades/u01_rnn_cell.csv").open() as file:
        rows = {row["id"]: row for row in csv.DictReader(file)}

    assert rows["kim-seeks-answers"]["softmax"] == "0"
    assert rows["jude-gives-points"]["one_hot"] == "0"
