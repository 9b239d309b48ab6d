"""Properties hold of right functions, find wrong ones, and use results only where these have the right form."""

import numpy as np
import pytest

from rnnlab.checking.calling import Returned
from rnnlab.checking.properties import batch_independent, fits, holds, linear_in, relation, split_and_continue

COLUMN = np.ones((3, 1))
SEQUENCE = {"x": np.arange(24.0).reshape(2, 4, 3), "h0": np.ones((2, 3))}


def asking(function):
    """Return an Ask of a function whose results are arrays."""
    return lambda inputs: Returned(tuple(function(**inputs)))


@pytest.mark.parametrize("other", [np.ones((1, 3)), np.ones(3), np.ones((3, 1), int), np.asarray("word"), "word", None])
def test_another_shape_or_kind_does_not_fit(other):
    assert not fits(other, COLUMN)


def test_float32_fits_float64():
    assert fits(COLUMN.astype(np.float32), COLUMN)


def test_states_of_another_shape_than_h0_are_not_asked_with():
    asked = []

    def ask(inputs):
        asked.append(inputs)
        return Returned((np.ones((50, 4, 50)),))

    found = split_and_continue().broken(ask, {"x": np.ones((2, 4, 3)), "h0": np.ones((2, 5))})
    assert found is not None
    assert found.expected == "states of the shape of h0"
    assert all(inputs["h0"].shape == (2, 5) for inputs in asked)


def test_a_running_sum_may_be_split_and_one_that_ignores_its_start_may_not():
    def running_sum(x, h0):
        return (h0[:, None] + np.cumsum(x, axis=1),)

    def from_zero(x, h0):
        return (np.cumsum(x, axis=1),)

    assert split_and_continue().broken(asking(running_sum), SEQUENCE) is None
    assert "in two parts" in split_and_continue().broken(asking(from_zero), SEQUENCE).seen


def test_a_further_state_is_carried_on_too():
    def counting(x, h0, c0):
        h_all = h0[:, None] + np.cumsum(x, axis=1)
        return h_all, c0 + x.shape[1]

    def forgetting(x, h0, c0):
        h_all, _ = counting(x, h0, c0)
        return h_all, np.full_like(c0, x.shape[1])

    inputs = {**SEQUENCE, "c0": np.zeros((2, 3))}
    assert split_and_continue("c0").broken(asking(counting), inputs) is None
    assert "the h0 and the c0" in split_and_continue("c0").broken(asking(forgetting), inputs).help


def test_rows_that_mix_are_found_in_any_of_the_outputs():
    def centred(x, W):
        return x @ W, x - x.mean(axis=0) + np.arange(len(x))[:, None]

    inputs = {"x": np.arange(6.0).reshape(3, 2), "W": np.eye(2)}
    assert batch_independent("x").broken(asking(centred), inputs) is None
    assert batch_independent("x", outputs=2).broken(asking(centred), inputs) is not None


@pytest.mark.parametrize(
    ("function", "seen"),
    [
        (lambda dy, x: (dy * x,), None),
        (lambda dy, x: (dy * x, x), "with dy = 0 some gradient is not 0"),
        (lambda dy, x: (dy**2 * x,), "-2 times dy does not give -2 times every gradient"),
    ],
)
def test_gradients_are_linear_in_what_comes_from_above(function, seen):
    found = linear_in("dy").broken(asking(function), {"dy": np.array([1.0, 3.0]), "x": np.array([2.0, 5.0])})

    assert (found and found.seen) == seen


def doubled(x, mode="all"):
    return 2 * x if mode == "all" else 2 * x[:1], x.sum()


def test_a_relation_finds_a_result_that_does_not_follow_from_the_ordinary_one():
    inputs = {"x": np.arange(1.0, 4.0), "mode": "all"}

    def broken(*args, **options):
        return relation("a relation", *args, **options).broken(asking(doubled), inputs)

    assert broken({"x": lambda x: -3 * x}, "not -3 times", wanted=lambda y: -3 * y) is None
    assert broken({"x": lambda x: x[::-1]}, "another sum", outputs=(1,)) is None
    assert broken({"mode": "first"}, "not the first", wanted=lambda y: y[:1]) is None
    found = broken({"x": lambda x, mode: x + len(mode)}, "moved by 3 it changes", "Why?")
    assert (found.seen, found.help) == ("moved by 3 it changes", "Why?")
    assert broken({"x": lambda x: x[::-1]}, "another order", outputs=(1, 0)).seen == "another order"


def test_what_must_hold_of_a_result_is_asked_of_the_output_it_names():
    inputs = {"x": np.arange(1.0, 4.0)}

    def broken(output):
        rule = holds("a sum", lambda y, given: y.ndim == 0 and y == given["x"].sum(), "no sum", "6", output=output)
        return rule.broken(asking(doubled), inputs)

    assert broken(1) is None
    assert (broken(0).seen, broken(0).expected) == ("no sum", "6")
