"""The command as its users call it: what it prints, and with which exit code it ends."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from autograder.paths import student_path
from tests.autograder.submissions import UNIT, cell_of, hand_in

COMMAND = Path(sys.executable).with_name("autograder")
UNGRADED = student_path("u00_start_here")
EARLIER_POINTS = """
UPDATE grade SET auto_score = 1 WHERE cell_id = (SELECT id FROM base_cell WHERE name = 'softmax-check')
AND notebook_id = (
    SELECT submitted_notebook.id FROM submitted_notebook
    JOIN submitted_assignment ON submitted_assignment.id = submitted_notebook.assignment_id
    WHERE student_id = 'ada'
)
"""
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
def test_what_the_user_must_correct_is_one_sentence_and_exit_1(words, sentence):
    done = run(*words)

    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr


# Works once, when the command looks whether it does, and then no more.
FAILING_BWRAP = """#!/bin/sh
if [ -e {mark} ]; then echo "no more sandboxes" >&2; exit 1; fi
touch {mark}
exec {bwrap} "$@"
"""


@pytest.fixture
def failing_sandbox(tmp_path):
    """The environment of a machine on which sandboxes stop to start."""
    folder = tmp_path / "bin"
    folder.mkdir()
    program = folder / "bwrap"
    program.write_text(FAILING_BWRAP.format(mark=tmp_path / "mark", bwrap=shutil.which("bwrap")))
    program.chmod(0o755)
    # Where bubblewrap is looked for does not depend on the environment, so Python itself is told at its start.
    (folder / "sitecustomize.py").write_text(f"import os\nos.defpath = '{folder}:' + os.defpath\n")
    return {**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), *filter(None, [os.environ.get("PYTHONPATH")])])}


@pytest.mark.sandbox
def test_an_internal_error_is_exit_2_with_its_reason(wrong_path, failing_sandbox):
    done = run("verdict", wrong_path, "--json", env=failing_sandbox)

    assert done.returncode == 2
    assert {record["status"] for record in json.loads(done.stdout)} == {"internal_error"}


@pytest.mark.sandbox
@pytest.mark.slow
def test_an_internal_error_in_a_class_is_named_and_graded_by_the_next_run(released_course, right, failing_sandbox):
    hand_in(released_course, "ada", right)
    first = run("grade", UNIT, "--course", released_course, env=failing_sandbox)
    second = run("grade", UNIT, "--course", released_course)

    assert first.returncode == 2
    assert re.search(r"^ ada +internal error", first.stdout, re.MULTILINE)
    assert "ada: The grader itself failed" in first.stdout
    assert "Traceback" not in first.stderr
    assert second.returncode == 0
    assert re.search(r"^ ada .* 20", second.stdout, re.MULTILINE)


@pytest.mark.sandbox
@pytest.mark.slow
def test_a_regrade_prints_what_changed_and_for_whom_once(released_course, right):
    for student in ("ada", "bela"):
        hand_in(released_course, student, right)
    words = ("grade", UNIT, "--course", released_course)
    assert "The course has changed" not in run(*words).stdout
    with sqlite3.connect(released_course / "gradebook.db") as database:
        # As if an earlier version of the course had given other points.
        database.execute("UPDATE autograder_record SET version = 'earlier'")
        database.execute(EARLIER_POINTS)
    database.close()

    second, third = run(*words).stdout, run(*words).stdout

    assert second.count("→") == 1
    assert "  ada: softmax 1 → 2 of 2 (pass)" in second
    assert "2 graded." in second
    assert "→" not in third
    assert "2 graded earlier and unchanged." in third


@pytest.mark.slow
def test_help_fits_one_screen_and_ends_with_an_example():
    done = run("--help")

    assert len(done.stdout.splitlines()) <= 24
    assert "Example: autograder verdict my_notebook.ipynb" in done.stdout
