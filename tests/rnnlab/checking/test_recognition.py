"""Known mistakes are named in answers that carry something else as well, and nothing else is."""

import inspect
from functools import cache

import numpy as np
import pytest

import solutions
from autograder.judging.exam_builder import fresh_exam, public_exam
from rnnlab.checking.marking import mark
from rnnlab.checking.spec import OMITTED, Array, Case, Spec
from rnnlab.checks import LocalFunction, marks
from rnnlab.specs import SPECS, UNITS
from solutions.mistakes import Mistake, mistakes

UNIT_OF = {spec.name: unit for unit, specs in UNITS.items() for spec in specs}
MISTAKES = {(m.exercise, m.name): m for unit in UNITS for m in mistakes(unit)}


answers_of = cache(solutions.reference)


def reference(exercise):
    return getattr(answers_of(UNIT_OF[exercise]), exercise)


def named(exercise, function):
    """Return what the student's check and the judge recognise in ``function``; they must agree."""
    function.__name__ = exercise
    known = [m for (name, _), m in MISTAKES.items() if name == exercise]
    exam = fresh_exam(SPECS[exercise], 4, answers_of(UNIT_OF[exercise]), known, seed=5)
    here, there = marks(function), mark(SPECS[exercise], exam, LocalFunction(function))
    assert here.mistake == there.mistake
    return here


def changed(exercise, name, change):
    """Return the function of a known mistake whose results go through ``change``, a tuple or a dict of them."""
    function = MISTAKES[exercise, name].function

    def answer(*args, **kwargs):
        return change(function(*args, **kwargs))

    answer.__signature__ = inspect.signature(function)
    return answer


def in_float64(results):
    if isinstance(results, dict):
        return {name: in_float64(value) for name, value in results.items()}
    if isinstance(results, tuple):
        return tuple(map(in_float64, results))
    return results.astype(np.float64) if isinstance(results, np.ndarray) else results


@pytest.mark.parametrize(
    ("exercise", "name"),
    [
        ("rnn_cell_forward", "tanh-left-out"),
        ("rnn_cell_backward", "tanh-taken-twice"),
        ("rnn_backward", "no-carry"),
        ("softmax", "maximum-not-subtracted"),
        ("lstm_cell_forward", "candidate-through-a-sigmoid"),
    ],
)
@pytest.mark.filterwarnings("ignore::RuntimeWarning")
def test_buffers_in_float64_do_not_hide_the_name(exercise, name):
    assert named(exercise, changed(exercise, name, in_float64)).mistake == name


def test_a_bias_gradient_of_another_shape_does_not_hide_the_name():
    answer = changed("rnn_cell_backward", "hidden-weights-not-transposed", lambda r: (*r[:4], r[4][None]))

    assert named("rnn_cell_backward", answer).mistake == "hidden-weights-not-transposed"


def test_a_cache_in_the_students_own_order_does_not_hide_the_name():
    def answer(x_t, h_prev, c_prev, W_xh, W_hh, b):
        h_t, c_t, cache = MISTAKES["lstm_cell_forward", "candidate-through-a-sigmoid"].function(
            x_t, h_prev, c_prev, W_xh, W_hh, b
        )
        return h_t, c_t, {"gates": cache[3:7], "cell": c_t}

    assert named("lstm_cell_forward", answer).mistake == "candidate-through-a-sigmoid"


def test_a_failure_at_one_sequence_does_not_hide_the_name():
    def answer(x_t, h_prev, W_xh, W_hh, b_h):
        if len(x_t) == 1 and x_t.shape[1] != 3:
            raise ValueError("one sequence")
        return x_t @ W_xh + h_prev @ W_hh + b_h, None

    assert named("rnn_cell_forward", answer).mistake == "tanh-left-out"


def test_two_mistakes_in_different_results_are_both_explained():
    def answer(dh_t, cache):
        results = MISTAKES["rnn_cell_backward", "hidden-weights-not-transposed"].function(dh_t, cache)
        return (*results[:4], results[4] / len(dh_t))

    result = named("rnn_cell_backward", answer)

    assert result.mistake == "hidden-weights-not-transposed"
    assert "W_hh was not transposed" in result.hint
    assert "mean over the batch" in result.hint


@pytest.mark.parametrize(("unit", "exercise"), [(unit, spec.name) for unit in UNITS for spec in UNITS[unit]])
def test_a_right_answer_in_float64_is_named_for_its_dtype_alone(unit, exercise):
    def answer(*args, **kwargs):
        return in_float64(reference(exercise)(*args, **kwargs))

    answer.__signature__ = inspect.signature(reference(exercise))
    result = named(exercise, answer)

    assert result.mistake is None or "float" in result.hint


@pytest.mark.parametrize("factor", [1.01, -3.0])
@pytest.mark.parametrize(
    "exercise", ["rnn_cell_forward", "rnn_cell_backward", "lstm_cell_backward", "gru_cell_forward"]
)
def test_unknown_numbers_are_named_nothing(exercise, factor):
    def scaled(value):
        return tuple(map(scaled, value)) if isinstance(value, tuple) else value * factor

    def answer(*args, **kwargs):
        results = reference(exercise)(*args, **kwargs)
        return (*map(scaled, results[:-1]), results[-1] if exercise.endswith("forward") else scaled(results[-1]))

    answer.__signature__ = inspect.signature(reference(exercise))

    assert named(exercise, answer).mistake is None


def test_half_an_explanation_is_none():
    def answer(dh_t, cache):
        results = MISTAKES["rnn_cell_backward", "hidden-weights-not-transposed"].function(dh_t, cache)
        return (*results[:4], results[4] * 1.01)

    assert named("rnn_cell_backward", answer).mistake is None


class Halving:
    """A reference answer, and a mistake that shows only in an exception."""

    @staticmethod
    def halve(x):
        return x / 2

    @staticmethod
    def refuses_one(x):
        if len(x) == 1:
            raise ValueError("too short")
        return x / 2


HALVE = Spec(
    name="halve",
    inputs={"x": OMITTED},
    returns=(Array("y", "N"),),
    cases=(
        Case("halves", {"x": np.array([1.0, 2.0])}),
        Case("one number", {"x": np.array([1.0])}, edge=True),
        Case("float32", {"x": np.array([1.0, 2.0])}, float32=True, edge=True),
    ),
)


def test_an_exception_alone_is_no_evidence():
    known = [Mistake("refuses-one", "halve", Halving.refuses_one, "Take short arrays too.")]
    exam = public_exam(HALVE, 3, Halving, known)

    def refuses_one_in_float64(x):
        return Halving.refuses_one(x).astype(np.float64)

    assert mark(HALVE, exam, LocalFunction(Halving.refuses_one)).mistake == "refuses-one"
    assert mark(HALVE, exam, LocalFunction(refuses_one_in_float64)).mistake is None


def test_random_results_that_fail_by_another_amount_are_named_nothing():
    right = solutions.reference("u03_vanishing_gradients").init_hidden

    def variance_for_standard_deviation(kind, H, rng):
        return rng.normal(0, 1 / H, (H, H)) if kind == "xavier" else right(kind, H, rng)

    def variance_of_he(kind, H, rng):
        return rng.normal(0, np.sqrt(2 / H), (H, H)) if kind == "xavier" else right(kind, H, rng)

    variance_for_standard_deviation.__name__ = variance_of_he.__name__ = "init_hidden"
    assert marks(variance_for_standard_deviation).mistake is None
    assert marks(variance_of_he).mistake == "one-fan-for-two"
