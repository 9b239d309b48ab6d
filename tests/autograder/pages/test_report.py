"""Reports: every student on one line, and nothing in it that a terminal or a spreadsheet would obey."""

import csv
import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

import solutions
from autograder.pages.report import changes, notes, summary, terminal_table, write_csv
from autograder.results import Change, Result, Verdict
from autograder.untrusted_text import printable

UNIT = "u01_rnn_cell"
CHANGE = Change("softmax", before=2.0, after=0, max_points=2, status="fail")


def verdict(cell, **other):
    right = Verdict(cell.exercise, cell.points, cell.points, "pass", "", None, 0.1, 7)
    return replace(right, **other)


def graded(student, *others, **options):
    """Return the result of a student who has everything right but for the first exercises, which are as ``others``."""
    cells = solutions.unit(UNIT).exercises
    changed = dict(enumerate(others))
    verdicts = tuple(verdict(cell, **changed.get(number, {})) for number, cell in enumerate(cells))
    return Result(student, "graded", verdicts=verdicts, **options)


def printed(results, width=100):
    console = Console(file=io.StringIO(), width=width)
    console.print(terminal_table(UNIT, results))
    return console.file.getvalue()


def test_a_row_tells_points_and_what_ended_an_answer():
    stopped = [{"points": 0, "status": status} for status in ("timeout", "cpu", "memory", "processes", "disk")]
    table = printed([graded("ada", {"points": 1, "status": "fail"}), graded("bela", *stopped)])

    assert re.search(r"^ ada +1 +2 +4 +2 +4 +1 +2 +3 +19", table, re.MULTILINE)
    assert re.search(r"^ bela +time +cpu +memory +procs +disk +1 +2 +3 +6", table, re.MULTILINE)


def test_a_submission_without_a_grade_shows_its_state():
    assert re.search(r"^ ada +unreadable *$", printed([Result("ada", "unreadable", reason="x")]), re.MULTILINE)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("\x1b[2Jada", r"\x1b[2Jada"),
        ("ada\nbob  20", r"ada\nbob  20"),
        ("\u202eada", r"\u202eada"),
        ("\x9b31mada", r"\x9b31mada"),
        ("김 철수", "김 철수"),
        ("[red]ada[/red]", "[red]ada[/red]"),
        ("O'Brien :smile:", "O'Brien :smile:"),
    ],
)
def test_a_name_steers_no_terminal(name, shown):
    assert printable(name) == shown
    assert shown in printed([graded(name)])
    assert notes([Result(name, "internal_error", reason="The grader failed.")]) == [f"{shown}: The grader failed."]


WIDE = ["\uff1d", "\uff0b", "\uff0d", "\uff20", "\ufe66", "\u2212"]
HIDDEN = [" =", "\u3000=", '" =', "'=", "\u200b="]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", *WIDE, *HIDDEN])
def test_a_name_computes_nothing_in_a_spreadsheet(tmp_path, start):
    write_csv(tmp_path / "grades.csv", UNIT, [graded(f"{start}1+1|cmd"), graded('a,b"c')])
    with (tmp_path / "grades.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))

    assert [row["student"] for row in rows] == [f"'{start}1+1|cmd", 'a,b"c']
    assert (rows[0]["points"], rows[0]["max_points"], rows[0]["softmax"]) == ("20", "20", "2")


def test_a_submission_without_a_grade_has_no_points_in_the_csv_file(tmp_path):
    write_csv(tmp_path / "grades.csv", UNIT, [Result("ada", "internal_error", reason="x")])
    with (tmp_path / "grades.csv").open(newline="") as file:
        row = next(csv.DictReader(file))

    assert (row["state"], row["points"], row["softmax"]) == ("internal_error", "", "")


def test_notes_are_told_of_the_graded_too():
    assert notes([graded("ada", note="x (1).ipynb was graded."), graded("bela")]) == ["ada: x (1).ipynb was graded."]


def test_a_regrade_is_told_by_student_and_exercise():
    lines = changes([graded("ada", changes=(CHANGE,)), graded("bela")])

    assert lines[1:] == ["  ada: softmax 2 → 0 of 2 (fail)"]
    assert changes([graded("bela")]) == []


def test_the_summary_counts_what_was_graded_now_and_earlier():
    results = [
        graded("ada"),
        graded("bela", earlier=True),
        graded("cleo", earlier=True),
        Result("dan", "internal_error"),
    ]

    assert summary(results) == "1 graded, 2 graded earlier and unchanged, 1 not graded."
    assert summary(results[:1]) == "1 graded."
