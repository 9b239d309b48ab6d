"""What unit 03 says of every network, or of several seeds, and shows for one."""

import numpy as np
import pytest

import solutions
from rnnlab import long_sequences

UNIT = solutions.reference("u03_vanishing_gradients")


@pytest.mark.parametrize("seed", range(3))
def test_a_sigmoid_network_with_other_weights_is_the_tanh_network(seed):
    rng = np.random.default_rng(seed)
    W_hh, b_h = UNIT.init_hidden("orthogonal", 64, rng), 0.1 * rng.normal(size=64)
    tanh = {**long_sequences.random_network(W_hh, 0.3, seed), "b_h": b_h}
    sigmoid = {**tanh, "W_hh": 4 * W_hh, "W_xh": 2 * tanh["W_xh"], "b_h": 2 * b_h - 2 * W_hh.sum(axis=0)}
    sigmoid["h0"] = np.full_like(tanh["h0"], 0.5)

    h, s = tanh["h0"], sigmoid["h0"]
    for t in range(tanh["x"].shape[1]):
        h, _ = UNIT.activation("tanh", tanh["x"][:, t] @ tanh["W_xh"] + h @ W_hh + b_h)
        a = sigmoid["x"][:, t] @ sigmoid["W_xh"] + s @ sigmoid["W_hh"] + sigmoid["b_h"]
        s, _ = UNIT.activation("sigmoid", a)

    assert s == pytest.approx((h + 1) / 2, abs=1e-12)
    rates = [
        UNIT.decay_rate(UNIT.gradient_norms(**net, act=act)) for net, act in ((tanh, "tanh"), (sigmoid, "sigmoid"))
    ]
    assert rates[0] == pytest.approx(rates[1], rel=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_relu_keeps_about_a_quarter_with_the_identity_and_nothing_with_pytorchs_start(seed):
    def left(W_hh):
        norms = UNIT.gradient_norms(**long_sequences.random_network(W_hh, 0.3, seed), act="relu")
        return norms[0] / norms[-1]

    assert 0.15 < left(np.eye(64)) < 0.4
    assert left(np.random.default_rng(seed).uniform(-1, 1, (64, 64)) / 8) < 1e-17


@pytest.mark.slow
def test_a_limit_means_more_for_values_than_for_the_norm():
    def end(clip, seed):
        start = 1.7 * UNIT.init_hidden("orthogonal", 64, np.random.default_rng(seed))
        return long_sequences.exploding_losses(start, clip, seed=seed)[-20:].mean()

    for seed in range(3):
        assert end(lambda grads: UNIT.clip_by_global_norm(grads, 1.0)[0], seed) > 0.5
        assert end(lambda grads: UNIT.clip_by_global_norm(grads, 5.0)[0], seed) < 0.1
        assert end(lambda grads: UNIT.clip_by_value(grads, 1.0), seed) < 0.1
