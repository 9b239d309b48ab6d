"""The forward pass that units borrow from torch."""

import numpy as np
import pytest

from rnnlab import recurrent


@pytest.fixture
def inputs():
    rng = np.random.default_rng(0)
    shapes = {"x": (2, 5, 3), "h0": (2, 4), "W_xh": (3, 4), "W_hh": (4, 4), "b_h": (4,)}
    return {name: rng.normal(size=shape) for name, shape in shapes.items()}


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
