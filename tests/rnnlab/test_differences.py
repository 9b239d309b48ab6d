"""What a check says of caches whose contents are fixed, and of functions that make NumPy warn."""

import numpy as np

from autograder.judging.exams import public_exam
from rnnlab.checks import Own
from rnnlab.marking import mark
from rnnlab.specs.spec import Array, Case, Parts, Spec, fixed, in_float32


class Reference:
    @staticmethod
    def halve(x):
        return x / 2, (x, x / 2)


HALVE = Spec(
    name="halve",
    parameters=("x",),
    returns=(Array("y", "N"), Parts("cache", (Array("x", "N"), Array("y", "N")))),
    sizes={"N": 3},
    cases=(
        Case("halves", fixed(x=np.array([1.0, 2.0, 4.0]))),
        Case("the cache", fixed(x=np.array([1.0, 2.0, 6.0])), edge=True, of="cache"),
        Case("quiet", fixed(x=np.array([2.0, 0.0, 0.0])), edge=True, quiet=True),
    ),
)


def marked(function):
    return mark(HALVE, public_exam(HALVE, 3, Reference, []), Own(function))


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


def test_float32_reaches_into_containers():
    drawn = in_float32(fixed(a=(np.zeros(2), [np.ones(1)]), b={"c": np.zeros(3)}, n=3))(np.random.default_rng(0), {})

    assert drawn["a"][0].dtype == drawn["a"][1][0].dtype == drawn["b"]["c"].dtype == np.float32
    assert drawn["n"] == 3
