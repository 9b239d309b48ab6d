"""The gradient check against torch's autograd and against wrong gradients."""

import numpy as np
import pytest
import torch

from rnnlab import gradient_error

RNG = np.random.default_rng(0)
INPUTS = {"x": RNG.normal(size=(2, 3)), "W": RNG.normal(size=(3, 4))}


def loss(x, W):
    return np.tanh(x @ W).sum()


def torch_gradients() -> dict[str, np.ndarray]:
    x, W = (torch.tensor(INPUTS[name], requires_grad=True) for name in ("x", "W"))
    torch.tanh(x @ W).sum().backward()
    return {"x": x.grad.numpy(), "W": W.grad.numpy()}


def test_torchs_gradients_pass():
    errors = gradient_error(loss, INPUTS, torch_gradients())

    assert max(errors.values()) < 1e-8


def test_a_forgotten_factor_is_found():
    right = torch_gradients()

    errors = gradient_error(loss, INPUTS, {"x": right["x"], "W": 2 * right["W"]})

    assert errors["x"] < 1e-8
    assert errors["W"] > 0.3


def test_a_gradient_that_vanishes_everywhere_has_no_error():
    assert gradient_error(lambda x: 1.0, {"x": np.ones(3)}, {"x": np.zeros(3)}) == {"x": 0.0}


def test_a_gradient_of_the_wrong_shape_is_refused_with_both_shapes():
    with pytest.raises(ValueError, match=r"\(6,\); it must have the input's, \(2, 3\)"):
        gradient_error(loss, INPUTS, {"x": np.zeros(6)})


def test_a_gradient_of_an_unknown_input_is_refused():
    with pytest.raises(ValueError, match="gradient for b, but the inputs are x, W"):
        gradient_error(loss, INPUTS, {"b": np.zeros(6)})
