"""The forward pass that units borrow from torch."""

import numpy as np
import pytest

from rnnlab import recurrent


@pytest.fixture
def inputs():
    return recurrent.random_inputs(N=2, T=5, D=3, H=4)


def test_the_states_are_those_of_the_formula(inputs):
    h, W_xh, W_hh, b_h = (inputs[name] for name in ("h0", "W_xh", "W_hh", "b_h"))
    h_all, _ = recurrent.run(**inputs)

    for t in range(5):
        h = np.tanh(inputs["x"][:, t] @ W_xh + h @ W_hh + b_h)
        np.testing.assert_allclose(h_all[:, t], h, atol=1e-12)


def test_a_cache_holds_what_the_step_has_read_and_made(inputs):
    h_all, caches = recurrent.run(**inputs)

    assert len(caches) == 5
    for t, (x_t, h_prev, _, _, h_t) in enumerate(caches):
        np.testing.assert_array_equal(x_t, inputs["x"][:, t])
        np.testing.assert_array_equal(h_prev, h_all[:, t - 1] if t else inputs["h0"])
        np.testing.assert_array_equal(h_t, h_all[:, t])


def test_float32_stays_float32(inputs):
    h_all, caches = recurrent.run(**{name: value.astype(np.float32) for name, value in inputs.items()})

    assert {h_all.dtype, *(part.dtype for part in caches[0])} == {np.dtype(np.float32)}


@pytest.mark.parametrize("name", ["x", "h0", "W_xh", "W_hh", "b_h"])
def test_the_states_as_a_function_of_one_input_change_with_it_alone(inputs, name):
    states = recurrent.states_by(name, inputs)
    changed = inputs[name] + 0.5

    np.testing.assert_array_equal(states(inputs[name]), recurrent.run(**inputs)[0])
    np.testing.assert_array_equal(states(changed), recurrent.run(**{**inputs, name: changed})[0])


def test_random_weights_have_the_shapes_of_a_network_with_read_out_and_the_scale_is_that_of_the_hidden_ones():
    small, large = (recurrent.random_weights(scale, seed=1, D=3, H=400, C=2) for scale in (0.5, 1.0))

    shapes = {"W_xh": (3, 400), "W_hh": (400, 400), "b_h": (400,), "W_hy": (400, 2), "b_y": (2,)}
    assert {name: weight.shape for name, weight in large.items()} == shapes
    assert np.std(large["W_hh"]) == pytest.approx(1 / 20, rel=0.01)
    np.testing.assert_allclose(small["W_hh"], large["W_hh"] / 2)
    np.testing.assert_array_equal(small["W_xh"], large["W_xh"])
