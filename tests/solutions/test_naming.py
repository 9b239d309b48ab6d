"""Answers written without sight of the known mistakes: wrong ones are refused, right ones in odd styles accepted."""

import pytest

from solutions.mistakes import mistakes
from tests.solutions import naming

ANSWERS = naming.answers()
WRONG = [answer for answer in ANSWERS if not answer.is_right]
RIGHT = [answer for answer in ANSWERS if answer.is_right]


@pytest.mark.slow
def test_wrong_answers_lose_points_get_no_false_name_and_six_of_ten_the_right_one():
    # One test: what judging finds is needed for each and for the share.
    results = {answer.name: naming.judged(answer) for answer in WRONG}

    assert not [f"{name}: {result.answer.says}" for name, result in results.items() if result.accepted]
    assert not [f"{name}: named {result.named}" for name, result in results.items() if result.naming == "false"]
    assert naming.rate(list(results.values())) >= 0.6


def test_right_answers_in_odd_styles_get_all_points_and_no_name():
    results = {answer.name: naming.judged(answer) for answer in RIGHT}

    assert results
    assert not [f"{name}: {result.marks.message}" for name, result in results.items() if not result.accepted]
    assert not [f"{name}: named {result.named}" for name, result in results.items() if result.named]


def test_the_names_that_count_as_right_are_those_of_known_mistakes():
    known = {unit: {(m.exercise, m.name) for m in mistakes(unit)} for unit in {answer.unit for answer in WRONG}}

    for answer in WRONG:
        assert {(answer.exercise, name) for name in answer.names} <= known[answer.unit], answer.name


def test_every_answer_has_a_name_of_its_own():
    names = [answer.name for answer in ANSWERS]

    assert len(names) == len(set(names))
