"""Examinations of results of which more than one is right."""

import numpy as np
import pytest

from rnnlab.checking.compare import Difference
from rnnlab.checking.examinations import in_turn, shaped

SHAPES = shaped("W D 4H", "b 4H")
INPUTS = {"D": 2, "H": 3, "kind": "small"}


def test_arrays_of_floats_of_the_right_shapes_pass():
    assert SHAPES((np.zeros((2, 12)), np.zeros(12)), INPUTS) is None
    assert SHAPES((np.zeros((2, 12), np.float32), np.zeros(12)), INPUTS) is None


@pytest.mark.parametrize(
    ("value", "seen", "expected"),
    [
        ((np.zeros((12, 2)), np.zeros(12)), "W has shape (12, 2)", "shape (2, 12)"),
        ((np.zeros((2, 12)), np.zeros((1, 12))), "b has shape (1, 12)", "shape (12,)"),
        ((np.zeros((2, 12)), np.zeros(12, int)), "b is int64", "float64"),
        ((np.zeros((2, 12)), None), "b has shape ()", "shape (12,)"),
    ],
)
def test_the_first_that_has_another_form_is_named(value, seen, expected):
    found = SHAPES(value, INPUTS)

    assert (found.seen, found.expected) == (seen, expected)


def test_integers_pass_where_they_are_right():
    assert shaped("b H", kinds="fi")((np.zeros(3, int),), INPUTS) is None


def test_in_turn_stops_at_the_first_difference():
    def too_large(value, inputs):
        return Difference("too large") if value[0].max() > 1 else None

    def unreached(value, inputs):
        raise AssertionError

    found = in_turn(shaped("b H"), too_large, unreached)((np.full(3, 2.0),), INPUTS)

    assert found is not None
    assert found.seen == "too large"
    assert in_turn(shaped("b H"), too_large)((np.zeros(3),), INPUTS) is None
