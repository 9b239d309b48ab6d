"""Networks of unit 05: weights go in and come out, and start as the text says."""

import numpy as np
import pytest
import torch

from rnnlab.networks import LAYERS, arrays, first_weights, gru_cell, network, sigmoid


@pytest.mark.parametrize("kind", LAYERS)
def test_a_network_gives_back_the_weights_it_got(kind):
    weights = first_weights(kind, 3, seed=0)
    again = arrays(network(kind, weights))

    assert again.keys() == weights.keys()
    assert all((again[name] == value).all() for name, value in weights.items())


def test_the_lstm_starts_with_a_forget_bias_of_one():
    weights = first_weights("LSTM", 3, seed=0)
    both = weights["rnn.bias_ih_l0"] + weights["rnn.bias_hh_l0"]

    np.testing.assert_array_equal(both[3:6], np.ones(3))
    assert (np.abs(both[:3]) < 1).all()


def test_the_irnn_copies_its_state_at_first():
    weights = first_weights("IRNN", 3, seed=0)

    np.testing.assert_array_equal(weights["rnn.weight_hh_l0"], np.eye(3))
    assert not weights["rnn.bias_ih_l0"].any()
    assert not weights["rnn.bias_hh_l0"].any()


def test_another_seed_gives_other_weights():
    assert (first_weights("GRU", 3, 0)["rnn.weight_hh_l0"] != first_weights("GRU", 3, 1)["rnn.weight_hh_l0"]).all()


def test_the_cell_of_a_gru_is_that_of_its_network():
    weights, x = first_weights("GRU", 3, seed=0), np.random.default_rng(0).normal(size=(2, 2)).astype(np.float32)
    W_xh, W_hh, b_xh, b_hh = gru_cell(weights)

    with torch.no_grad():
        states, _ = network("GRU", weights).rnn(torch.tensor(x)[:, None])
    r, z = np.split(sigmoid((x @ W_xh + b_xh + b_hh)[:, :6]), 2, axis=1)
    n = np.tanh((x @ W_xh + b_xh)[:, 6:] + r * b_hh[6:])

    assert W_hh.shape == (3, 9)
    np.testing.assert_allclose((1 - z) * n, states[:, 0].numpy(), atol=1e-6)


def test_the_sigmoid_keeps_the_dtype():
    assert sigmoid(np.zeros(2, np.float32)).dtype == np.float32
    np.testing.assert_allclose(sigmoid(np.array([0.0, np.log(3.0)])), [0.5, 0.75])
