"""The networks of unit 03: what goes in as W_hh is what runs, and clipping gets the gradients."""

import numpy as np
import pytest

from rnnlab import long_sequences


def test_a_network_learns_to_recall_over_three_steps():
    right = long_sequences.recall_accuracy(3, training_steps=200)

    assert right.shape == (20,)
    assert right[0] < 0.4
    assert right[-1] > 0.95


def test_hidden_weights_of_zero_keep_nothing_of_the_first_symbol():
    rng = np.random.default_rng(0)
    zero = long_sequences.recall_accuracy(10, W_hh=np.zeros((16, 16)), H=16, training_steps=50)
    kept = long_sequences.recall_accuracy(10, W_hh=np.linalg.qr(rng.normal(size=(16, 16)))[0], H=16, training_steps=50)

    assert zero.max() < 0.2
    assert kept.max() > zero.max()


def test_the_loss_of_an_exploding_network_ends_and_clipping_keeps_it_finite():
    start = 2.0 * np.eye(16)
    limit = 0.5

    def clip(grads):
        return {name: np.clip(g, -limit, limit) for name, g in grads.items()}

    free = long_sequences.exploding_losses(start, dict, training_steps=20)
    clipped = long_sequences.exploding_losses(start, clip, training_steps=20)

    assert np.isnan(free[-1])
    assert np.isfinite(clipped).all()


def test_a_random_network_has_the_shapes_that_gradient_norms_takes():
    made = long_sequences.random_network(np.eye(5), 0.5, seed=1, N=2, T=3, D=4)

    shapes = {name: array.shape for name, array in made.items()}
    assert shapes == {"x": (2, 3, 4), "h0": (2, 5), "W_xh": (4, 5), "W_hh": (5, 5), "b_h": (5,), "dh_T": (2, 5)}
    assert made["x"] == pytest.approx(long_sequences.random_network(np.eye(5), 0.5, seed=1, N=2, T=3, D=4)["x"])


def test_starts_are_seven_kinds_with_a_matrix_for_each_seed():
    def init_hidden(kind, H, rng):
        return rng.normal(size=(H, H))

    made = long_sequences.starts(init_hidden, H=4, number=2)

    assert list(made) == ["small", "PyTorch's", "xavier", "orthogonal", "identity", "he", "1.5 × orthogonal"]
    assert {W_hh.shape for matrices in made.values() for W_hh in matrices} == {(4, 4)}
    assert [len(matrices) for matrices in made.values()] == [2] * 7
    assert np.abs(made["PyTorch's"][0]).max() <= 0.5
    assert made["1.5 × orthogonal"][1] == pytest.approx(1.5 * made["orthogonal"][1])
