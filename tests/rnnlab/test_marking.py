"""What a function earns whose results nothing can be computed with, or which does not answer every call alike."""

import numpy as np
import pytest

from autograder.judging.exams import public_exam
from rnnlab.checks import Own
from rnnlab.compare import Difference
from rnnlab.marking import mark
from rnnlab.specs.spec import Array, Case, Property, Spec, Value, fixed


def too_large(value, inputs):
    """Look for what is wrong, as no examination should: with nan there is nothing to find."""
    return Difference("a large number", "a small one") if np.any(np.abs(np.asarray(value[0])) > 1.0) else None


def twice_is_larger(ask, inputs):
    return too_large(ask({"x": 2 * inputs["x"]}).value, inputs)


LOOKED_AT = Spec(
    name="shrink",
    parameters=("x",),
    returns=(Array("the matrix"), Value("the size")),
    cases=(Case("looked at", fixed(x=np.ones(2)), examine=too_large),),
)

ASKED_AGAIN = Spec(
    name="shrink",
    parameters=("x",),
    returns=(Array("the matrix"), Value("the size")),
    cases=(Case("compared", fixed(x=np.ones(2))),),
    properties=(Property("twice as much", twice_is_larger),),
)


class Reference:
    @staticmethod
    def shrink(x):
        return 0.1 * x, 0.1


def marked(spec, function):
    return mark(spec, public_exam(spec, 3, Reference, []), Own(function))


@pytest.mark.parametrize("spec", [LOOKED_AT, ASKED_AGAIN], ids=["examination", "property"])
def test_finite_numbers_are_looked_at(spec):
    assert marked(spec, Reference.shrink).points == 3


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf])
def test_an_examination_gets_finite_numbers_only(number):
    marks = marked(LOOKED_AT, lambda x: (np.array([0.0, number]), 0.1))

    assert marks.points == 0
    assert f"seen the matrix holds {number} at [1]; expected finite numbers. There are nan or inf" in marks.message


def test_a_single_number_must_be_finite_too():
    marks = marked(LOOKED_AT, lambda x: (0.1 * x, np.nan))

    assert marks.points == 0
    assert "seen the size is nan; expected finite numbers." in marks.message


@pytest.mark.parametrize("dtype", [complex, object, str, bool])
def test_an_examination_gets_real_numbers_only(dtype):
    marks = marked(LOOKED_AT, lambda x: (np.zeros(2).astype(dtype), 0.1))

    assert marks.points == 0
    assert "expected real numbers" in marks.message


def test_a_property_gets_finite_numbers_only():
    marks = marked(ASKED_AGAIN, lambda x: (np.where(x > 1, np.nan, 0.1 * x), 0.1))

    assert marks.points == 0
    assert "twice as much: seen the matrix holds nan at [0]; expected finite numbers." in marks.message


def test_an_exception_during_a_property_is_told():
    def shrink(x):
        if x[0] > 1:
            raise ValueError("too large for me")
        return Reference.shrink(x)

    marks = marked(ASKED_AGAIN, shrink)

    assert marks.points == 0
    assert "twice as much: seen ValueError: too large for me" in marks.message


def test_results_without_numbers_are_taken_for_no_mistake():
    def large(x):
        return 100 * x, 0.1

    exam = public_exam(LOOKED_AT, 3, Reference, [Known("too large", large)])

    assert mark(LOOKED_AT, exam, Own(lambda x: (100 * x, 0.1))).mistake == "too large"
    assert mark(LOOKED_AT, exam, Own(lambda x: (np.nan * x, 0.1))).mistake is None


class Known:
    def __init__(self, name, function):
        self.name, self.function, self.hint = name, function, "A hint."
