"""Digits in reverse order: what the network is given and what comes back; the shares are measured with the claims."""

import numpy as np
import pytest
import torch

from rnnlab import reversal


def test_what_is_read_while_writing_is_what_was_to_be_written_before():
    digits, before, wanted = reversal._sequences(5, 4)

    assert torch.equal(wanted, digits.flip(1))
    assert torch.equal(before[:, 1:], wanted[:, :-1])
    assert (before[:, 0] == reversal.GO).all()


@pytest.mark.parametrize("keys", ["states", "digits"])
def test_one_seed_gives_the_same_weights_which_sum_to_one(keys):
    first, second = (reversal.reverse(keys, T=3, steps=2, seed=1) for _ in range(2))

    assert first.alpha.shape == (500, 3, 3)
    np.testing.assert_array_equal(first.alpha, second.alpha)
    np.testing.assert_allclose(first.alpha.sum(axis=2), 1.0, rtol=1e-5)
    assert 0.0 <= first.accuracy <= 0.5


def test_other_keys_are_refused():
    with pytest.raises(ValueError, match="'states' or 'digits'"):
        reversal.reverse("letters")
