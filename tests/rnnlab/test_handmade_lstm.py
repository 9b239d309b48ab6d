"""Watching an LSTM that was set by hand: the sequences it gets, and the states it has."""

import numpy as np
import torch

from rnnlab.handmade_lstm import flagged_values, lstm_states


def test_the_flag_is_up_once_and_the_first_values_are_signs():
    x = flagged_values(H=3, steps=5, noise=0.5, seed=0)

    assert x.shape == (3, 5, 4)
    assert (np.abs(x[:, 0, :3]) == 1).all()
    np.testing.assert_array_equal(x[:, :, 3], [[1, 0, 0, 0, 0]] * 3)


def test_without_noise_the_later_values_are_zero():
    assert not flagged_values(H=2, steps=4, noise=0.0, seed=0)[:, 1:].any()


def test_the_states_are_those_of_the_formulas():
    # One unit: i = f = o = 1/2 throughout, and g = tanh(x).
    W_xh, W_hh, b = np.array([[0.0, 0, 0, 1]]), np.zeros((1, 4)), np.zeros(4)
    h_all, c_T = lstm_states(np.array([[[1.0], [0.0]]]), np.array([[2.0]]), W_xh, W_hh, b)
    first = 1 + np.tanh(1.0) / 2

    np.testing.assert_allclose(h_all[0, :, 0], np.tanh([first, first / 2]) / 2)
    np.testing.assert_allclose(c_T, [[first / 2]])


def test_the_number_of_threads_is_left_as_it_was():
    before = torch.get_num_threads()
    lstm_states(np.zeros((1, 1, 1)), np.zeros((1, 1)), np.zeros((1, 4)), np.zeros((1, 4)), np.zeros(4))

    assert torch.get_num_threads() == before
