"""Functions that return a dict, or a dict and something beside it."""

import numpy as np
import pytest

from rnnlab.checking.calling import Returned
from rnnlab.checking.exam import outcome
from rnnlab.checking.spec import OMITTED, Array, Spec, Value

SPEC = Spec({"x": OMITTED}, (Array("W"), Array("b"), Value("the norm")), (), as_dict=True, beside_dict=1)


@pytest.mark.parametrize("norm", [5.0, np.float64(5), np.array(5.0)], ids=["Python", "NumPy", "array"])
def test_a_dict_and_a_number_become_the_outputs_in_their_order(norm):
    seen = outcome(SPEC, Returned(({"b": 2, "W": 1, "more": 3}, norm)))

    assert seen.value == (1, 2, 5.0)
    assert type(seen.value[2]) is float


def test_what_is_missing_from_the_dict_is_none():
    assert outcome(SPEC, Returned(({"b": 2}, 5.0))).value == (None, 2, 5.0)


def test_what_is_missing_beside_the_dict_is_none():
    assert outcome(SPEC, Returned({"b": 2, "W": 1})).value == (1, 2, None)


def test_what_has_no_dict_stays_whole():
    assert outcome(SPEC, Returned((5.0, {"b": 2}))).value == ((5.0, {"b": 2}),)
