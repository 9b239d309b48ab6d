"""Answers written without sight of the known mistakes: wrong ones are refused, right ones in odd styles accepted."""

from functools import cache

import pytest

from solutions.mistakes import mistakes
from tests.solutions import naming

ANSWERS = naming.answers()
WRONG = [answer for answer in ANSWERS if not answer.is_right]
RIGHT = [answer for answer in ANSWERS if answer.is_right]

judged = cache(naming.judged)


@pytest.mark.parametrize("answer", WRONG, ids=lambda answer: answer.name)
def test_a_wrong_answer_loses_points_and_gets_no_false_name(answer):
    result = judged(answer)

    assert not result.accepted, answer.says
    assert result.naming != "false", f"{answer.says} It was named {result.named}."


@pytest.mark.parametrize("answer", RIGHT, ids=lambda answer: answer.name)
def test_a_right_answer_in_an_odd_style_gets_all_points_and_no_name(answer):
    result = judged(answer)

    assert result.accepted, result.marks.message
    assert not result.named


def test_at_least_six_of_ten_wrong_answers_are_named():
    assert naming.rate([judged(answer) for answer in WRONG]) >= 0.6


def test_the_names_that_count_as_right_are_those_of_known_mistakes():
    known = {unit: {(m.exercise, m.name) for m in mistakes(unit)} for unit in {answer.unit for answer in WRONG}}

    for answer in WRONG:
        assert {(answer.exercise, name) for name in answer.names} <= known[answer.unit], answer.name


def test_every_answer_has_a_name_of_its_own():
    names = [answer.name for answer in ANSWERS]

    assert len(names) == len(set(names))
