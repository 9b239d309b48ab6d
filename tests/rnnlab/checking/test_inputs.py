"""Inputs are drawn in the order in which they are written, with the axes that are named."""

import numpy as np
import pytest

from rnnlab.checking.calling import InputRecipe
from rnnlab.checking.inputs import (
    altered,
    computed,
    generator,
    integers,
    normal,
    number,
    shape,
    size,
    state,
    uniform,
    weight,
    zeros,
)
from rnnlab.checking.spec import OMITTED, Case, Spec, Value

SIZES = {"N": 3, "T": 4, "H": 5, "n_a": 6}


@pytest.mark.parametrize(
    ("axes", "expected"),
    [
        ("N T H", (3, 4, 5)),
        ("N", (3,)),
        ("H 4H", (5, 20)),
        ("2 N", (2, 3)),
        ("n_a 3n_a", (6, 18)),
        ("N T+1", (3, 5)),
        ("", ()),
    ],
)
def test_axes_are_written_as_in_the_texts(axes, expected):
    assert shape(axes, SIZES) == expected


def test_an_axis_without_a_size_is_an_error():
    with pytest.raises(KeyError, match="'D'"):
        shape("N D", SIZES)


@pytest.mark.parametrize("axes", ["N,T", "N*T", "4*H", "T-1"])
def test_what_is_no_axis_is_an_error(axes):
    with pytest.raises(ValueError, match="cannot be read; write it like"):
        shape(axes, SIZES)


@pytest.mark.parametrize("draw", [normal("N H"), state("N H"), weight("N H")], ids=["normal", "state", "weight"])
def test_numbers_are_rounded_and_the_same_for_a_seed(draw):
    numbers = draw(np.random.default_rng(3), SIZES)

    assert numbers.shape == (3, 5)
    assert numbers.dtype == np.float64
    assert np.array_equal(numbers, draw(np.random.default_rng(3), SIZES))
    assert np.array_equal(numbers, numbers.round(3))


def test_states_are_within_the_values_of_tanh():
    assert np.abs(state("1000")(np.random.default_rng(0), SIZES)).max() <= 1


def test_weights_have_the_scale_that_is_asked_for():
    assert weight("10000", 0.3)(np.random.default_rng(0), SIZES).std() == pytest.approx(0.3, rel=0.02)


def test_integers_go_up_to_a_number_or_to_a_size():
    rng = np.random.default_rng(0)

    assert set(integers("500", 0, "N")(rng, SIZES)) == {0, 1, 2}
    assert set(integers("500", -1, 2)(rng, SIZES)) == {-1, 0, 1}


def test_what_is_given_is_not_drawn():
    rng = np.random.default_rng(0)

    assert (size("N")(rng, SIZES), size("N+2")(rng, SIZES)) == (3, 5)
    assert not zeros("N")(rng, SIZES).any()
    assert rng.random() == np.random.default_rng(0).random()


def test_a_generator_is_a_recipe_with_a_drawn_seed():
    recipe = generator(10, 20)(np.random.default_rng(0), SIZES)

    assert isinstance(recipe, InputRecipe)
    assert recipe.kind == "generator"
    assert 10 <= int(recipe.what) < 20


def test_uniform_numbers_lie_within_their_limits_and_are_rounded():
    drawn = uniform("N H", -0.01, 0.01, digits=4)(np.random.default_rng(0), SIZES)
    one = number(2.0, 3.0)(np.random.default_rng(0), SIZES)

    assert drawn.shape == shape("N H", SIZES)
    assert np.abs(drawn).max() <= 0.01
    assert np.array_equal(drawn, drawn.round(4))
    assert isinstance(one, float)
    assert 2.0 <= one == round(one, 2) <= 3.0


def test_an_input_may_be_drawn_and_altered():
    assert altered(integers("N", 3, 4), np.ndarray.tolist)(np.random.default_rng(0), SIZES) == [3] * SIZES["N"]


def test_an_input_may_be_computed_from_those_that_the_rule_names():
    case = Case("b follows from a", change=computed("b", lambda a: -2 * a))
    inputs = drawn(spec(case, a=normal("N"), b=OMITTED, c=normal("N")))

    assert np.array_equal(inputs["b"], -2 * inputs["a"])


# -- the inputs of a case ----------------------------------------------------------------------------------------------


def spec(*cases, **inputs):
    return Spec(inputs, (Value("the result"),), cases, sizes=SIZES)


def drawn(spec, at=0):
    case = spec.cases[at]
    return spec.draw(case, np.random.default_rng(5), {**spec.sizes, **case.sizes})


def test_parameters_are_the_names_of_the_inputs():
    assert spec(x=normal("N"), mode="every", dtype=OMITTED).parameters == ("x", "mode", "dtype")


def test_values_stay_recipes_are_drawn_in_order_and_what_is_omitted_is_absent():
    inputs = drawn(spec(Case("all"), x=normal("N"), mode="every", y=normal("T"), dtype=OMITTED))

    rng = np.random.default_rng(5)
    assert list(inputs) == ["x", "mode", "y"]
    assert np.array_equal(inputs["x"], normal("N")(rng, SIZES))
    assert np.array_equal(inputs["y"], normal("T")(rng, SIZES))


def test_recipes_may_be_nested():
    params = {"W": normal("N H"), "b": normal("H")}
    inputs = drawn(spec(Case("nested"), params=params, cache=(normal("N"), [state("T")], True)))

    rng = np.random.default_rng(5)
    assert np.array_equal(inputs["params"]["W"], normal("N H")(rng, SIZES))
    assert np.array_equal(inputs["params"]["b"], normal("H")(rng, SIZES))
    assert np.array_equal(inputs["cache"][0], normal("N")(rng, SIZES))
    assert np.array_equal(inputs["cache"][1][0], state("T")(rng, SIZES))
    assert inputs["cache"][2] is True


def test_a_case_replaces_some_inputs_and_sizes():
    case = Case("last", {"mode": "last", "y": OMITTED}, sizes={"N": 1})
    inputs = drawn(spec(case, x=normal("N"), mode="every", y=2.0))

    assert list(inputs) == ["x", "mode"]
    assert (inputs["x"].shape, inputs["mode"]) == ((1,), "last")


def test_a_change_sees_what_was_drawn():
    def doubled(inputs, rng, sizes):
        return {**inputs, "y": 2 * inputs["x"]}

    inputs = drawn(spec(Case("doubled", change=doubled), x=normal("N"), y=OMITTED))

    assert np.array_equal(inputs["y"], 2 * inputs["x"])


def test_float32_comes_last_and_reaches_into_containers():
    def nested(rng, sizes):
        return (np.zeros(2), {"W": [np.eye(2)]})

    def divided(inputs, rng, sizes):
        return {**inputs, "x": inputs["x"] / 3.0}

    inputs = drawn(spec(Case("small", change=divided, float32=True), x=np.ones(3), cache=nested, targets=np.arange(3)))

    cache = inputs["cache"]
    assert inputs["x"].dtype == cache[0].dtype == cache[1]["W"][0].dtype == np.float32
    assert inputs["targets"].dtype == np.arange(3).dtype
