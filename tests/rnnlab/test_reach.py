"""How far the gradient reaches, against what is known of it."""

import numpy as np
import pytest

from rnnlab import reach


@pytest.mark.parametrize("kind", reach.CELLS)
def test_the_last_state_has_all_of_its_gradient_and_earlier_ones_their_share(kind):
    shares = reach.shares(kind, bias=0, T=5, H=16)

    assert shares.shape == (5,)
    assert shares[0] == 1
    assert (shares[1:] < shares[:-1]).all()


def test_wide_open_update_gates_pass_nearly_all_of_it():
    np.testing.assert_allclose(reach.shares("GRU", bias=30, T=5), np.ones(5), rtol=1e-6)


def test_shut_forget_gates_pass_nothing_along_the_cell_state():
    """What is left then comes through the hidden state and the four layers."""
    assert reach.shares("LSTM", bias=-30, T=4)[3] < 0.1 * reach.shares("LSTM", bias=30, T=4)[3]
