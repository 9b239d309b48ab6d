"""What a function earns whose results nothing can be computed with, or which does not answer every call alike."""

from dataclasses import replace

import numpy as np
import pytest

from autograder.judging.exam_builder import public_exam
from rnnlab.checking.compare import Difference
from rnnlab.checking.marking import mark
from rnnlab.checking.spec import OMITTED, Array, Case, Property, Spec, Value
from rnnlab.checks import LocalFunction


def too_large(value, inputs):
    """Look for what is wrong, as no examination should: with nan there is nothing to find."""
    return Difference("a large number", "a small one") if np.any(np.abs(np.asarray(value[0])) > 1.0) else None


def twice_is_larger(ask, inputs):
    return too_large(ask({"x": 2 * inputs["x"]}).value, inputs)


LOOKED_AT = Spec(
    name="shrink",
    inputs={"x": OMITTED},
    returns=(Array("the matrix"), Value("the size")),
    cases=(Case("looked at", {"x": np.ones(2)}, examine=too_large),),
)

ASKED_AGAIN = Spec(
    name="shrink",
    inputs={"x": OMITTED},
    returns=(Array("the matrix"), Value("the size")),
    cases=(Case("compared", {"x": np.ones(2)}),),
    properties=(Property("twice as much", twice_is_larger),),
)


class Reference:
    @staticmethod
    def shrink(x):
        return 0.1 * x, 0.1


def marked(spec, function):
    return mark(spec, public_exam(spec, 3, Reference, []), LocalFunction(function))


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


def test_an_examination_gets_arrays_only():
    marks = marked(LOOKED_AT, lambda x: (list(0.1 * x), 0.1))

    assert marks.points == 0
    assert "seen the matrix is a list; expected a NumPy array." in marks.message


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
    assert "twice as much: the function stopped with ValueError: too large for me, in the line" in marks.message


def test_results_without_numbers_are_taken_for_no_mistake():
    def large(x):
        return 100 * x, 0.1

    exam = public_exam(LOOKED_AT, 3, Reference, [Known("too large", large)])

    assert mark(LOOKED_AT, exam, LocalFunction(lambda x: (100 * x, 0.1))).mistake == "too large"
    assert mark(LOOKED_AT, exam, LocalFunction(lambda x: (np.nan * x, 0.1))).mistake is None


def changed_in_place(x):
    x[0] = 5.0
    return Reference.shrink(np.ones(2))


def test_a_change_that_costs_points_is_not_said_to_cost_nothing():
    def kept(ask, inputs):
        return Difference("x is changed") if "x" in ask(inputs).changed else None

    charged = replace(ASKED_AGAIN, properties=(Property("x stays", kept, edge=True, unchanged="x"),))

    assert marked(charged, changed_in_place).message == "x stays: x is changed."
    assert "It costs nothing here" in marked(replace(charged, properties=()), changed_in_place).message


def test_a_guess_is_left_out_where_the_mistake_is_known():
    spec = replace(LOOKED_AT, cases=(Case("compared", {"x": np.array([1.0, 2.0, 4.0])}),))

    def twice(x):
        return 0.2 * x, 0.1

    unknown, known = (
        mark(spec, public_exam(spec, 3, Reference, m), LocalFunction(twice)) for m in ([], [Known("twice", twice)])
    )

    assert "3 of 3 numbers are off. Every number is 2 times what it should be." in unknown.message
    assert known.message.endswith("expected 0.1. 3 of 3 numbers are off. A hint.")


def test_a_guess_stays_in_rows_that_the_known_mistake_does_not_explain():
    compared = Case("compared", {"x": np.array([1.0, 2.0, 4.0])})
    edges = (
        Case("even", {"x": np.array([2.0, 4.0, 8.0])}, edge=True),
        Case("odd", {"x": np.array([3.0, 5.0, 7.0])}, edge=True),
    )
    spec = replace(LOOKED_AT, cases=(compared, *edges))

    def even(x):
        return 0.1 * x * (2 if x[0] == 2 else 1), 0.1

    def both(x):
        return np.zeros(3) if x[0] == 3 else even(x)[0], 0.1

    marks = mark(spec, public_exam(spec, 3, Reference, [Known("even", even)]), LocalFunction(both))
    helps = {row.title: row.help for row in marks.rows if row.result == "failed"}

    assert marks.mistake == "even"
    assert helps == {"even": "3 of 3 numbers are off.", "odd": "3 of 3 numbers are off. The matrix is all zeros."}


def test_a_hint_does_not_hide_that_another_function_was_put_in_place_of_the_students_own():
    spec = replace(LOOKED_AT, cases=(Case("compared", {"x": np.ones(2)}),))
    outer = replace(spec, builds_on=("inner",))
    namespace = {"inner": lambda x: 7 * x}
    exec("def shrink(x):\n    return 2 * inner(x), 0.1", namespace)

    def twice(x):
        return 0.2 * x, 0.1

    exam = replace(public_exam(outer, 3, Reference, [Known("twice", twice)]), supply={"inner": lambda x: 0.1 * x})

    message = mark(outer, exam, LocalFunction(namespace["shrink"])).message

    assert "Your own inner is not right yet; a right one was put in its place here" in message
    assert message.endswith("A hint.")


def test_an_exception_is_no_matter_of_shapes():
    def shrink(x):
        return np.zeros(2, 2), 0.1

    first = next(row for row in marked(LOOKED_AT, shrink).rows if row.result == "failed")

    assert first.title == "runs without an error"
    assert first.lines[0].startswith("the function stopped with TypeError: Cannot interpret '2' as a data type")
    assert "the shape as one tuple" in first.help


@pytest.mark.parametrize("product", [np.dot, np.matmul])
def test_a_product_that_does_not_fit_reminds_of_rows(product):
    message = marked(LOOKED_AT, lambda x: (product(np.ones((2, 3)), np.ones((2, 3))), 0.1)).message

    assert "every sequence is a row, so it is x @ W" in message


def test_the_numbers_of_an_example_stand_in_the_text_and_are_shown():
    by_hand = Case("by hand", {"x": np.array([1.0, 2.0])}, worked=True)
    spec = replace(LOOKED_AT, cases=(by_hand, Case("drawn", {"x": np.array([3.0, 5.0])})))
    hidden = replace(public_exam(spec, 3, Reference, []), reveal=False)

    def wrong_by_hand(x):
        return 0.1 * x + (x[0] == 1), 0.1

    assert "seen matrix[0] = 1.1; expected 0.1." in mark(spec, hidden, LocalFunction(wrong_by_hand)).message
    assert (
        "expected another number" in mark(spec, hidden, LocalFunction(lambda x: (0.1 * x + (x[0] == 3), 0.1))).message
    )


class Known:
    def __init__(self, name, function):
        self.name, self.function, self.hint = name, function, "A hint."
