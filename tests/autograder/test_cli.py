"""The command as its users call it: what it prints, and with which exit code it ends."""

import json
import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.paths import student_path
from tests.autograder.submissions import UNIT, cell_of

COMMAND = Path(sys.executable).with_name("autograder")
UNGRADED = student_path("u00_start_here")
FIELDS = {"exercise", "points", "max_points", "status", "message", "mistake", "seconds", "seed"}


def run(*words, **options):
    return subprocess.run([COMMAND, *map(str, words)], capture_output=True, text=True, timeout=120, **options)


@pytest.fixture
def wrong_path(right, tmp_path):
    cell_of(right, "num_params").source = "def num_params(D, H, C):\n    return D * H + H * H + H + H * C"
    path = tmp_path / "mine.ipynb"
    nbformat.write(right, path)
    return path


@pytest.mark.sandbox
def test_verdict_prints_one_json_array_and_nothing_else(wrong_path):
    done = run("verdict", wrong_path, "--json")
    records = json.loads(done.stdout)

    assert done.returncode == 0
    assert done.stderr == ""
    assert [set(record) for record in records] == [FIELDS] * 8
    assert sum(record["points"] for record in records) == 19
    assert next(r for r in records if r["exercise"] == "num_params")["mistake"] == "readout-bias-not-counted"


@pytest.mark.sandbox
def test_a_seed_gives_the_same_verdict_again(wrong_path):
    first, second = (json.loads(run("verdict", wrong_path, "--json", "--seed", 5).stdout) for _ in range(2))

    assert [r["message"] for r in first] == [r["message"] for r in second]
    assert {r["seed"] for r in first} == {5}


@pytest.mark.sandbox
def test_verdict_says_why_in_plain_words(wrong_path):
    printed = run("verdict", wrong_path).stdout

    assert "0 of 1  num_params  fail" in printed
    assert "19 of 20  together" in printed


@pytest.mark.sandbox
def test_trusted_submissions_get_the_same_verdict(wrong_path):
    records = json.loads(run("verdict", wrong_path, "--json", "--trusted").stdout)

    assert sum(record["points"] for record in records) == 19


@pytest.mark.sandbox
def test_without_bubblewrap_the_grader_refuses_and_says_how_to_get_it(wrong_path, tmp_path):
    done = run("verdict", wrong_path, env={"PATH": str(tmp_path)})

    assert done.returncode == 1
    assert "bubblewrap" in done.stderr
    assert "--trusted" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.sandbox
def test_doctor_finds_nothing_missing_here(instructor_path):
    done = run("doctor")

    assert (done.returncode, done.stdout) == (0, "Nothing is missing: submissions can be graded in isolation.\n")


@pytest.mark.sandbox
@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["verdict", "nowhere.ipynb"], "nowhere.ipynb: no such file."),
        (["verdict", __file__], "test_cli.py is not JSON, so it is damaged or no notebook"),
        (["grade", "u01_rnn_cel"], "there is no unit u01_rnn_cel; did you mean u01_rnn_cell?"),
        (["grade", UNIT, "--course", "/nowhere"], "no submissions in /nowhere/submitted/<student>/u01_rnn_cell"),
        (["grad"], "No such command 'grad'."),
        (["verdict", UNGRADED], "unit u00_start_here has nothing to grade: it has no exercises."),
        (["grade", "u00_start_here"], "unit u00_start_here has nothing to grade: it has no exercises."),
    ],
)
def test_what_the_user_must_mend_is_one_sentence_and_exit_1(words, sentence):
    done = run(*words)

    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.sandbox
def test_a_fault_of_ours_is_exit_2_with_its_reason(wrong_path, tmp_path):
    long = tmp_path / ("x" * 120)  # too long for the path of a Unix socket, so no kernel can be reached
    long.mkdir()

    done = run("verdict", wrong_path, "--json", env={**os.environ, "TMPDIR": str(long)})

    assert done.returncode == 2
    assert {record["status"] for record in json.loads(done.stdout)} == {"ours"}


def test_help_fits_one_screen_and_ends_with_an_example():
    done = run("--help")

    assert len(done.stdout.splitlines()) <= 24
    assert "Example: autograder verdict my_notebook.ipynb" in done.stdout
