"""What is made of stock nbgrader's scores: points too many, points missing, and who stopped the class."""

import pytest

from tests.hostile.attack_tools import load
from tests.hostile.stock import FULL, Row, _row, table, totals
from tests.hostile.stock_inside import ATTACKER, NEIGHBOUR

CASE = load("forging_agreeable_array")  # softmax and image_to_sequence are wrong, all else is right
RIGHT = {f"{name}-check": [points, False] for name, points in FULL.items()}
WRONG = {"softmax-check": [0, False], "image_to_sequence-check": [0, False]}


def report(attacker, neighbour=RIGHT, **others):
    scores = {ATTACKER: attacker, NEIGHBOUR: neighbour}
    return {"ended": ["exit code 0"], "scores": scores, "leaks": [], "harm": [], "files": []} | others


def test_an_attacker_who_gets_what_is_right_was_resisted():
    assert _row(CASE, report(RIGHT | WRONG), "").resisted


@pytest.mark.parametrize(
    ("seen", "heading", "told"),
    [
        (report(RIGHT), "forged", f"{FULL['softmax'] + FULL['image_to_sequence']}"),
        (report(RIGHT | WRONG | {"one_hot-check": [0, False]}), "lost", f"{FULL['one_hot']} points"),
        (report(RIGHT | WRONG | {"one_hot-check": [0, True]}), "lost", "waits for a person"),
        (report(None), "lost", "no grade"),
        (report(RIGHT | WRONG, neighbour=None), "batch stopped", "the neighbour has no grade"),
        (report(RIGHT | WRONG, neighbour=RIGHT | WRONG), "neighbour changed", "yes"),
        (report(RIGHT | WRONG, leaks=["canary-tests"]), "leaked", "canary-tests"),
        (report(RIGHT | WRONG, files=["/tmp/left-behind"]), "harm", "left a file"),
    ],
)
def test_what_came_of_an_attack_is_told_where_it_belongs(seen, heading, told):
    row = _row(CASE, seen, "")

    assert not row.resisted
    assert f"{heading} 1" in totals([row])
    assert told in row.cells()


def test_a_container_that_ended_with_everything_in_it_has_stopped_the_class():
    row = _row(CASE, None, "used more than 3 GiB of memory")

    assert row.stopped == "nothing was left (used more than 3 GiB of memory)"
    assert row.lost == "no grade"


def test_the_table_has_a_line_for_each_case_and_the_totals():
    row = Row("forging_x", "tries", 3.0, (), "", "", False, ())

    lines = table([row]).splitlines()

    assert lines[2] == "| forging_x | 3 |  |  |  |  |  |"
    assert lines[-1] == (
        "Of 1 cases: forged 1, leaked 0, lost 0, batch stopped 0, neighbour changed 0, harm 0; resisted 0. "
        "In all 3 points forged."
    )
