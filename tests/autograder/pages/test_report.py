"""Reports: every student on one line, and nothing in it that a terminal or a spreadsheet would obey."""

import csv
import io
import re
from dataclasses import replace

import pytest
from rich.console import Console

import solutions
from autograder.grades import ExerciseGrade, Grade, Recomputed
from autograder.pages.grade_files import all_csv, unit_csv
from autograder.pages.report import changes, grade_notes, notes, recomputed, summary, terminal_table
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


def grade_of(student, *others, state="graded", penalty=0.0, **options):
    """Return the grade of a student who has everything right but for the first exercises, which are as ``others``."""
    cells = solutions.unit(UNIT).exercises
    changed = dict(enumerate(others))
    exercises = tuple(
        replace(ExerciseGrade(cell.exercise, cell.points, None, 0.0, False, "pass"), **changed.get(number, {}))
        for number, cell in enumerate(cells)
    )
    return Grade(student, "", UNIT, state, exercises, penalty, 20, **({"late": 0.0} | options))


def ungraded(student, state):
    """Return the grade of a student without points."""
    return Grade(student, "", UNIT, state, (), 0.0, 20, 0.0)


def printed(grades, width=100):
    console = Console(file=io.StringIO(), width=width)
    console.print(terminal_table(UNIT, grades))
    return console.file.getvalue()


def test_a_row_tells_points_and_what_ended_an_answer():
    stopped = [{"judged": 0, "status": status} for status in ("timeout", "cpu", "memory", "processes", "disk")]
    table = printed([grade_of("ada", {"judged": 1, "status": "fail"}), grade_of("bela", *stopped)])

    assert re.search(r"^ ada +1 +2 +4 +2 +4 +1 +2 +3 +19", table, re.MULTILINE)
    assert re.search(r"^ bela +time +cpu +memory +procs +disk +1 +2 +3 +6", table, re.MULTILINE)


def test_a_submission_without_a_grade_shows_its_state():
    assert re.search(r"^ ada +unreadable *$", printed([ungraded("ada", "unreadable")]), re.MULTILINE)


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
    assert shown in printed([grade_of(name)])
    assert notes([Result(name, "internal_error", reason="The grader failed.")]) == [f"{shown}: The grader failed."]


WIDE = ["\uff1d", "\uff0b", "\uff0d", "\uff20", "\ufe66", "\u2212"]
HIDDEN = [" =", "\u3000=", '" =', "'=", "\u200b="]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", *WIDE, *HIDDEN])
def test_a_name_computes_nothing_in_a_spreadsheet(start):
    grades = [grade_of(f"{start}1+1|cmd"), grade_of('a,b"c')]

    for text in (unit_csv(UNIT, grades), all_csv({UNIT: grades})):
        rows = list(csv.DictReader(io.StringIO(text, newline="")))
        assert [row["id"] for row in rows] == [f"'{start}1+1|cmd", 'a,b"c']
        assert (rows[0]["final"], rows[0]["maximum"]) == ("20", "20")


def test_a_submission_without_a_grade_has_no_points_in_the_csv_file():
    (row,) = csv.DictReader(io.StringIO(unit_csv(UNIT, [ungraded("ada", "internal error")]), newline=""))

    assert (row["state"], row["final"], row["maximum"], row["softmax"]) == ("internal error", "", "20", "")


def test_lateness_and_states_have_columns_where_somebody_needs_them():
    table = printed([grade_of("ada"), grade_of("bela", state="late", penalty=2.5, late=3600.0)])

    assert re.search(r"^ bela .* −2\.5 +17\.5 +late *$", table, re.MULTILINE)
    assert "late" not in printed([grade_of("ada")]).splitlines()[2]


def test_a_score_given_by_hand_that_a_new_verdict_meets_and_an_unreadable_resubmission_have_a_note():
    by_hand = grade_of("ada", {"manual": 1.5, "needs_person": True}, state="needs a person")

    (met,) = grade_notes([by_hand])
    (unreadable,) = grade_notes([grade_of("bela", state="unreadable"), ungraded("cleo", "unreadable")])

    assert met.startswith("ada: one_hot keeps the 1.5 points given by hand, though the judge gave 2 since;")
    assert unreadable == "bela: the last submission has no grade (unreadable); the grade of an earlier one stands."


def test_what_the_rules_changed_is_said_with_the_time():
    changed = [Recomputed("ada", UNIT, "id", 2.0, 20.0, 18.0, 3600.5), Recomputed("bela", UNIT, "id", None, 0, 20, 0)]

    assert recomputed(changed)[1:] == [
        f"  ada, {UNIT}: 20 → 18 (1 h 01 min late)",
        f"  bela, {UNIT}: 0 → 20 (not late)",
    ]
    assert recomputed([]) == []


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
