"""Networks of unit 05: weights go in and come out, and start as the text says."""

import numpy as np
import pytest

from rnnlab.networks import LAYERS, arrays, first_weights, network


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
