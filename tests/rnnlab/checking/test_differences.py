"""What a check says of caches whose contents are fixed, and of functions that make NumPy warn."""

from dataclasses import replace

import numpy as np

from autograder.judging.exam_builder import public_exam
from rnnlab.checking.marking import mark
from rnnlab.checking.spec import OMITTED, Array, Case, Spec, TupleOf
from rnnlab.checks import LocalFunction


class Reference:
    @staticmethod
    def halve(x):
        return x / 2, (x, x / 2)


HALVE = Spec(
    name="halve",
    inputs={"x": OMITTED},
    returns=(Array("y", "N"), TupleOf("cache", (Array("x", "N"), Array("y", "N")))),
    sizes={"N": 3},
    cases=(
        Case("halves", {"x": np.array([1.0, 2.0, 4.0])}),
        Case("the cache", {"x": np.array([1.0, 2.0, 6.0])}, edge=True, of="cache"),
        Case("quiet", {"x": np.array([2.0, 0.0, 0.0])}, edge=True, quiet=True),
    ),
)


def marked(function):
    return mark(HALVE, public_exam(HALVE, 3, Reference, []), LocalFunction(function))


def test_a_right_cache_as_a_list_is_accepted():
    assert marked(lambda x: (x / 2, [x, x / 2])).points == 3


def test_a_wrong_cache_costs_one_point_and_its_item_is_named():
    marks = marked(lambda x: (x / 2, (x / 2, x)))

    assert marks.points == 2
    assert "cache[0] (x)[0] = 0.5" in marks.message


def test_a_cache_of_another_form_is_told_what_it_should_hold():
    assert "seen cache has length 1; expected a tuple of 2 arrays: x, y" in marked(lambda x: (x / 2, (x,))).message
    assert "seen cache is no tuple" in marked(lambda x: (x / 2, None)).message


def test_a_warning_costs_a_point_only_where_quiet_is_asked_for():
    marks = marked(noisy)

    assert marks.points == 2
    assert "NumPy warns: divide by zero encountered in log" in marks.message


def noisy(x):
    np.log(x)
    return x / 2, (x, x / 2)


class Pair:
    @staticmethod
    def scaled(x, W):
        return 2 * x @ W, 3 * x @ W


SCALED = Spec(
    name="scaled",
    inputs={"x": OMITTED, "W": OMITTED},
    returns=(Array("double", "N H"), Array("triple", "N H")),
    sizes={"N": 2, "H": 3},
    cases=(Case("two rows", {"x": np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]), "W": np.diag([1.0, 2.0, 4.0])}),),
)
DOUBLED = replace(SCALED, name="doubled", returns=SCALED.returns[:1])
AS_DICT = replace(SCALED, as_dict=True)


def said(spec, function):
    class Answer:
        scaled = doubled = staticmethod(lambda x, W: right(spec, x, W))

    return mark(spec, public_exam(spec, 3, Answer, []), LocalFunction(function)).message


def right(spec, x, W):
    results = Pair.scaled(x, W)
    if spec.as_dict:
        return dict(zip(("double", "triple"), results, strict=True))
    return results[0] if len(spec.returns) == 1 else results


def test_no_return_at_all_is_told_as_such():
    assert "seen None returned" in said(SCALED, lambda x, W: None)
    assert "may lack a `return`" in said(SCALED, lambda x, W: None)


def test_a_name_that_is_still_none_is_not_called_a_missing_return():
    message = said(SCALED, lambda x, W: (2 * x @ W, None))

    assert "seen triple is None" in message
    assert "nothing has been assigned to it" in message
    assert "lack a `return`" not in message


def test_where_one_result_is_none_both_causes_are_told():
    message = said(DOUBLED, lambda x, W: None)

    assert "may lack a `return`. Or what it returns has never been given a value" in message


def test_a_key_that_a_dict_does_not_have_is_told():
    assert "the dict has no such key" in said(AS_DICT, lambda x, W: {"double": 2 * x @ W})


def test_a_weight_that_is_returned_is_called_by_its_name():
    message = said(SCALED, lambda x, W: (W, 3 * x @ W))

    assert "It is W itself, as it was passed in." in message
    assert "broadcasting" not in message


def test_two_results_in_one_array_are_told():
    message = said(SCALED, lambda x, W: (3 * x @ W, 3 * x @ W))

    assert "It holds the same numbers as triple: `a = b` gives one array two names" in message


def test_numpys_words_about_uneven_rows_are_not_shown():
    message = said(SCALED, lambda x, W: (np.array([[1.0], [1.0, 2.0]]), 3 * x @ W))

    assert "ValueError: rows of different lengths make no array" in message
    assert "inhomogeneous" not in message


def test_truth_values_in_place_of_numbers_are_not_called_float32():
    message = said(SCALED, lambda x, W: (x @ W > 0, 3 * x @ W))

    assert "seen double is bool; expected float64" in message
    assert "float32" not in message
