"""Answers written without sight of the known mistakes: wrong ones are refused, right ones in odd styles accepted."""

from functools import cache

import pytest

from tests.solutions import naming

ANSWERS = naming.answers()
WRONG = [answer for answer in ANSWERS if not answer.is_right]
RIGHT = [answer for answer in ANSWERS if answer.is_right]

marks_of = cache(naming.judged)


@pytest.mark.parametrize("answer", WRONG, ids=lambda answer: answer.name)
def test_a_wrong_answer_loses_points(answer):
    marks = marks_of(answer)

    assert marks.points < marks.max_points, answer.says


@pytest.mark.parametrize("answer", RIGHT, ids=lambda answer: answer.name)
def test_a_right_answer_in_an_odd_style_gets_all_points_and_no_name(answer):
    marks = marks_of(answer)

    assert (marks.points, marks.mistake) == (marks.max_points, None), marks.message


def test_every_answer_has_a_name_of_its_own():
    names = [answer.name for answer in ANSWERS]

    assert len(names) == len(set(names))
