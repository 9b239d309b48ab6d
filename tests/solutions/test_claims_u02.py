"""What unit 02 says of every network, or of several seeds, and shows for one."""

import numpy as np
import pytest

import solutions
from rnnlab import recurrent

UNIT = solutions.reference("u02_bptt")


def weights(rng, D, H):
    return rng.normal(size=(D, H)) / np.sqrt(D), rng.normal(size=(H, H)) / np.sqrt(H), np.zeros(H)


@pytest.mark.parametrize("seed", range(5))
def test_the_share_of_ten_and_of_thirty_steps_back_lies_where_the_text_says(seed):
    rng = np.random.default_rng(seed)
    W_xh, W_hh = 0.5 * rng.normal(size=(8, 32)) / np.sqrt(8), rng.normal(size=(32, 32)) / np.sqrt(32)
    W_hy = rng.normal(size=(32, 5)) / np.sqrt(32)
    rng = np.random.default_rng(seed)
    x, targets = rng.normal(size=(16, 40, 8)), rng.integers(0, 5, size=(16, 40))
    h_all, caches = recurrent.run(x, rng.normal(size=(16, 32)) / 4, W_xh, W_hh, np.zeros(32))
    _, dlogits = UNIT.sequence_cross_entropy(h_all @ W_hy, targets)
    dlogits[:, :-1] = 0
    dh_all, _, _ = UNIT.readout_backward(dlogits, h_all, W_hy)

    sums = [UNIT.rnn_backward(dh_all[:, -k:], caches[-k:])["dW_hh"] for k in range(1, 41)]
    parts = np.linalg.norm(np.diff([np.zeros((32, 32)), *sums], axis=0), axis=(1, 2))

    assert 0.03 < parts[10] / parts[0] < 0.12
    assert 0.00005 < parts[30] / parts[0] < 0.004


def test_a_gradient_check_after_a_backward_pass_that_writes_into_its_input_reports_large_errors():
    rng = np.random.default_rng(0)
    x, h0, r = rng.normal(size=(2, 5, 3)), rng.normal(size=(2, 4)), rng.normal(size=(2, 5, 4))
    W_xh, W_hh, b_h = weights(rng, 3, 4)
    _, caches = recurrent.run(x, h0, W_xh, W_hh, b_h)
    right = UNIT.rnn_backward(r, caches)
    carry = r.copy()
    for t in range(4, 0, -1):  # what `dh[:, t] = dh[:, t] + dh_prev` leaves in the caller's array
        _, dh_prev, *_ = UNIT.rnn_cell_backward(carry[:, t], caches[t])
        carry[:, t - 1] += dh_prev

    def loss(h):
        return float((recurrent.run(x, h, W_xh, W_hh, b_h)[0] * carry).sum())

    numerical = UNIT.numerical_gradient(loss, h0)

    assert 0.05 < UNIT.relative_error(right["dh0"], numerical) < 1
