"""Progress that tells the truth, in a terminal and elsewhere."""

import io

from rich.console import Console

from autograder.grading import progress_bar
from autograder.grading.progress_bar import GradingProgress


def told(monkeypatch, steps, seconds_each, **options):
    """Return what is printed while ``steps`` are counted, one every so many seconds."""
    clock = [0.0]
    monkeypatch.setattr(progress_bar.time, "monotonic", lambda: clock[0])
    console = Console(file=io.StringIO(), width=120, **options)
    with GradingProgress(console, "u01_rnn_cell", 8) as bar:
        for step in steps:
            clock[0] += seconds_each
            bar.advance(**step)
    return console.file.getvalue()


GRADED = {"failed": False, "earlier": False}
FAILED = {"failed": True, "earlier": False}
EARLIER = {"failed": False, "earlier": True}


def test_lines_at_intervals_where_there_is_no_terminal(monkeypatch):
    lines = told(monkeypatch, [GRADED, GRADED, FAILED, GRADED], 6.0).splitlines()

    assert lines == [
        "grading u01_rnn_cell: 2 of 8 done, 0 not graded, 6 left, 0.17 a second, 0:36 to go",
        "grading u01_rnn_cell: 4 of 8 done, 1 not graded, 4 left, 0.17 a second, 0:24 to go",
    ]


def test_the_last_one_is_always_told(monkeypatch):
    lines = told(monkeypatch, [GRADED] * 8, 0.5).splitlines()

    assert lines == ["grading u01_rnn_cell: 8 of 8 done, 0 not graded, 0 left, 2 a second, 0:00 to go"]


def test_what_was_graded_earlier_says_nothing_about_the_time_to_come(monkeypatch):
    lines = told(monkeypatch, [EARLIER] * 6 + [GRADED], 2.0).splitlines()

    assert lines[0] == "grading u01_rnn_cell: 5 of 8 done, 0 not graded, 3 left"
    assert len(lines) == 1


def test_a_terminal_gets_a_bar(monkeypatch):
    shown = told(monkeypatch, [GRADED, FAILED], 2.0, force_terminal=True)

    assert "2 of 8 done, 1 not graded, 6 left, 0.5 a second, 0:12 to go" in shown
    assert "━" in shown
