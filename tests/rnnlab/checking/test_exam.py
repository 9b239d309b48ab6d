"""Exams: recorded calls stand for a function, whatever its inputs are made of."""

import numpy as np
import pytest

from rnnlab.checking.calling import Opaque, Returned
from rnnlab.checking.exam import Recorded, outcome
from rnnlab.checking.spec import Spec, Value


@pytest.fixture
def recorded():
    known = {"dh_t": np.ones((2, 3)), "cache": (np.zeros(2), [np.ones(4)], {"W": np.eye(2)})}
    return Recorded(("dh_t", "cache"), [(known, "the answer")])


def test_a_recorded_call_is_found_by_inputs_within_containers(recorded):
    cache = (np.zeros(2), [np.ones(4) + 1e-12], {"W": np.eye(2)})

    assert recorded(np.ones((2, 3)), cache=cache) == "the answer"


def test_what_an_answer_does_to_a_recorded_result_in_place_is_not_recorded():
    recorded = Recorded(("x",), [({"x": np.ones(2)}, (np.ones(3), [np.zeros(1)]))])
    for _ in range(2):
        h, cache = recorded(np.ones(2))
        assert (h == 1).all()
        assert (cache[0] == 0).all()
        h += 1
        cache[0] += 1


def test_inputs_that_never_occurred_are_not_found(recorded):
    with pytest.raises(LookupError):
        recorded(np.ones((2, 3)), (np.zeros(2), [np.ones(4)], {"W": 2 * np.eye(2)}))


def test_a_value_may_be_a_dict_of_plain_items_which_is_compared_whole():
    spec = Spec({}, (Value("the words"),), ())

    assert outcome(spec, Returned({"a": 1})).value == ({"a": 1},)
    assert outcome(spec, Returned({"a": [1]})).value == (Opaque("dict", 1),)


def test_a_number_is_the_same_from_python_and_from_numpy():
    spec = Spec({}, (Value("the loss"),), ())

    assert outcome(spec, Returned(np.float64(0.5))).value == outcome(spec, Returned(0.5)).value == (0.5,)
    assert type(outcome(spec, Returned(np.array(0.5))).value[0]) is float
