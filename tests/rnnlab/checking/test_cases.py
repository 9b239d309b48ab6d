"""The cases that exercises have in common: what they are called, what they draw, and what they cost."""

import numpy as np
import pytest

from rnnlab.checking.cases import by_hand, edges, float32, one, questions, raises
from rnnlab.checking.inputs import normal
from rnnlab.checking.spec import Spec, Value

SPEC = Spec(
    {"x": normal("N H"), "W": normal("H H"), "mode": "every"}, (Value("the result"),), (), sizes={"N": 3, "H": 4}
)


def drawn(case):
    return SPEC.draw(case, np.random.default_rng(0), {**SPEC.sizes, **case.sizes})


@pytest.mark.parametrize(
    ("case", "title"),
    [
        (one("N"), "one sequence (N = 1)"),
        (one("H"), "one hidden unit (H = 1)"),
        (one("N", "one image"), "one image (N = 1)"),
    ],
)
def test_one_of_something_is_named_and_costs_one_point(case, title):
    assert case.title == title
    assert case.edge
    assert not case.remark
    assert 1 in drawn(case)["x"].shape


def test_one_of_something_may_have_other_inputs():
    assert drawn(one("N", mode="last"))["mode"] == "last"


def test_float32_costs_nothing_and_gives_float32():
    case = float32(mode="last")

    assert (case.title, case.edge, case.remark) == ("float32 stays float32", False, True)
    inputs = drawn(case)
    assert inputs["x"].dtype == inputs["W"].dtype == np.float32
    assert inputs["mode"] == "last"


def test_edges_are_sizes_of_one_in_their_order_and_float32():
    assert edges("T N") == (one("T"), one("N"), float32())


def test_questions_have_choices_unless_the_text_answers_them_and_the_last_is_unknown():
    told, asked, unknown = questions("bug", ("no carry", "no square"), ("a", "b"), ("no carry",), unknown="bug")

    assert (told.title, told.choices) == ("'no carry'", ())
    assert (asked.inputs, asked.choices) == ({"bug": "no square"}, ("a", "b"))
    assert (unknown.title, unknown.inputs) == ("an unknown bug raises KeyError", {"bug": "no such bug"})
    assert questions("bug", ["no carry"], ("a",))[-1].choices == ("a",)


def test_an_input_that_is_refused_costs_one_point():
    case = raises("ValueError", "a mistyped mode", mode="lsat")

    assert (case.title, case.edge) == ("a mistyped mode raises ValueError", True)
    assert drawn(case)["mode"] == "lsat"


def test_lists_of_a_case_worked_by_hand_are_arrays_also_within_containers():
    cache = ([[1.0]], {"W": [2.0, 3.0]})
    inputs = drawn(
        by_hand("the step worked by hand", {"N": 1}, x=[[0.5]], cache=cache, caches=[cache, cache], names=["a"])
    )

    assert inputs["x"].tolist() == [[0.5]]
    assert isinstance(inputs["cache"], tuple)
    assert inputs["cache"][1]["W"].shape == (2,)
    assert isinstance(inputs["caches"], list)
    assert inputs["caches"][1][0].shape == (1, 1)
    assert inputs["names"] == ["a"]
    assert "mode" not in inputs
