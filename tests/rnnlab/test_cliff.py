"""The smallest network with a cliff: its error and gradient are torch's, and a walk goes down."""

import numpy as np
import torch

from rnnlab import cliff


def test_error_and_derivatives_are_torchs():
    w, b = (torch.tensor(values, dtype=torch.float64, requires_grad=True) for values in ([4.5, 6.0], [-2.0, -3.1]))
    x = torch.full_like(w, 0.5)
    for _ in range(50):
        x = w * torch.sigmoid(x) + b
    expected = (x - 0.7) ** 2
    by_w, by_b = torch.autograd.grad(expected.sum(), (w, b))

    found = cliff.error(w.detach().numpy(), b.detach().numpy())

    for array, tensor in zip(found, (expected, by_w, by_b), strict=True):
        np.testing.assert_allclose(array, tensor.detach().numpy(), rtol=1e-9)


def test_a_row_of_the_landscape_is_one_bias():
    w, b, height, slope = cliff.landscape(points=5)

    assert height.shape == slope.shape == (5, 5)
    np.testing.assert_allclose(height[1], cliff.error(w, np.full(5, b[1]))[0])


def test_no_step_of_a_walk_is_longer_than_the_limit_allows():
    places, lengths = cliff.walk(lambda grads: {name: 0.5 * g / np.hypot(*grads.values()) for name, g in grads.items()})

    assert (places.shape, lengths.shape) == ((61, 2), (60,))
    np.testing.assert_allclose(np.hypot(*np.diff(places, axis=0).T), 0.01 * 0.5)


def test_a_walk_without_clipping_is_thrown_out_of_the_map():
    places, lengths = cliff.walk(lambda grads: grads)

    assert lengths.max() > 100
    assert not ((places >= [4, -4]) & (places <= [7, -1.5])).all()
