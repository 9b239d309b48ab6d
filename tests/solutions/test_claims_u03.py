"""What unit 03 says of every network, or of several seeds, and shows for one."""

import re

import numpy as np
import pytest
import torch

import solutions
from rnnlab import long_sequences, reach

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


def test_almost_thirty_words_lie_between_moscow_and_the_gap():
    (cell,) = [cell for cell in solutions.unit("u03_vanishing_gradients").cells if cell.key == "moscow"]
    between = re.search(r"In Moscow (.*) \.\.\.", cell.source)[1].split()

    assert 27 <= len(between) < 30


def test_a_sigmoid_chain_saturates_with_a_large_weight():
    state = np.array(0.5)
    for _ in range(50):
        state, derivative = UNIT.activation("sigmoid", 4 * state)

    assert derivative < 0.1 * 0.25
    assert UNIT.scalar_chain(4.0, 0.5, 50, "sigmoid") < UNIT.scalar_chain(1.0, 0.5, 50, "sigmoid")


@pytest.mark.parametrize("seed", range(3))
def test_the_gradient_is_a_sum_of_products_of_jacobians(seed):
    T, H, rng = 6, 4, np.random.default_rng(seed)
    x, W_hh, per_step = rng.normal(size=(T, H)), rng.normal(size=(H, H)), rng.normal(size=(T, H))  # dL_s / dh_s
    states = [torch.zeros(H, dtype=torch.float64, requires_grad=True)]
    for x_t in torch.tensor(x):
        states.append(torch.tanh(x_t + states[-1] @ torch.tensor(W_hh)))
    loss = sum((state * weights).sum() for state, weights in zip(states[1:], torch.tensor(per_step), strict=True))
    expected = torch.autograd.grad(loss, states)

    h = [state.detach().numpy() for state in states]
    jacobians = [None, *(np.diag(1 - h[s] ** 2) @ W_hh.T for s in range(1, T + 1))]
    for t in range(T + 1):
        total = np.zeros(H)
        for s in range(max(t, 1), T + 1):
            factors = [jacobians[k] for k in range(s, t, -1)]
            total += np.linalg.multi_dot([per_step[s - 1], *factors]) if factors else per_step[s - 1]
        assert total == pytest.approx(expected[t].numpy(), rel=1e-10)


@pytest.mark.parametrize(("gain", "left"), [(0.9, 0.005), (1.1, 117)])
def test_a_rotation_times_a_gain_multiplies_by_the_gain_at_every_step(gain, left):
    W_hh, zeros = gain * np.array([[0.8, 0.6], [-0.6, 0.8]]), np.zeros((1, 2))
    norms = UNIT.gradient_norms(np.zeros((1, 50, 1)), zeros, zeros, W_hh, zeros[0], "linear", np.array([[0.6, 0.8]]))

    assert UNIT.decay_rate(norms) == pytest.approx(gain)
    assert norms[0] / norms[-1] == pytest.approx(left, rel=0.05)


@pytest.mark.parametrize("variance", [1 / 3, 1, 2])
def test_random_entries_multiply_a_length_by_the_root_of_their_variance_times_h(variance):
    rng = np.random.default_rng(0)
    factors = []
    for _ in range(200):
        vector = rng.normal(size=64)
        out = vector @ rng.normal(scale=np.sqrt(variance / 64), size=(64, 64))
        factors.append(np.linalg.norm(out) / np.linalg.norm(vector))

    assert np.mean(factors) == pytest.approx(np.sqrt(variance), rel=0.03)


@pytest.mark.parametrize("seed", range(3))
def test_only_under_the_sigmoid_is_the_bound_close(seed):
    starts = long_sequences.starts(UNIT.init_hidden)

    def left_and_bound(kind, act, gamma):
        W_hh = starts[kind][seed]
        norms = UNIT.gradient_norms(**long_sequences.random_network(W_hh, 0.3, seed), act=act)
        return norms[0] / norms[-1], UNIT.gradient_bound(W_hh, gamma, 50)

    left, bound = left_and_bound("orthogonal", "sigmoid", 1 / 4)
    assert left < bound < 1e-29
    assert left > 1e-2 * bound
    for kind in ("PyTorch's", "orthogonal", "1.5 × orthogonal"):
        left, bound = left_and_bound(kind, "tanh", 1)
        assert bound >= 1 - 1e-9
        assert left < 1e-2 * bound


def test_the_exploding_network_has_4545_weights():
    given = []

    def stop(grads):
        given.append(sum(g.size for g in grads.values()))
        return grads

    long_sequences.exploding_losses(np.eye(64), stop, training_steps=1)

    assert given == [4545]


@pytest.mark.parametrize("seed", range(3))
def test_a_fresh_lstm_keeps_its_gradient_only_with_a_positive_forget_bias(seed):
    W_hh = UNIT.init_hidden("orthogonal", 64, np.random.default_rng(seed))
    norms = UNIT.gradient_norms(**long_sequences.random_network(W_hh, 1.0, seed), act="tanh")

    assert 1e-11 < reach.shares("LSTM", 0, seed)[49] < 1e-8
    assert 1e-11 < norms[1] / norms[-1] < 1e-8
    assert reach.shares("LSTM", 2, seed)[49] > 0.5


@pytest.mark.slow
def test_orthogonal_starts_leave_guessing_behind_and_xaviers_not_always():
    def ends(kind):
        """Return the share of right answers at the end, for matrices from the seeds 0 to 3 and 100 to 103."""
        matrices = [UNIT.init_hidden(kind, 48, np.random.default_rng(k + seed)) for k in (0, 100) for seed in range(4)]
        runs = [long_sequences.recall_accuracy(40, W_hh, 1.0, seed % 4) for seed, W_hh in enumerate(matrices)]
        return [run[-5:].mean() for run in runs]

    orthogonal, xavier = ends("orthogonal"), ends("xavier")

    assert min(orthogonal) > 0.5
    assert min(xavier) < 0.4
    assert min(max(orthogonal), max(xavier)) > 0.95


@pytest.mark.parametrize("seed", range(3))
def test_the_direct_path_of_an_lstm_leaves_a_power_of_its_gate_and_the_other_paths_add_much_more(seed):
    def share(detached: bool) -> float:
        """Return what is left of the gradient of c after 49 steps back, without the paths through h if detached."""
        h = torch.zeros(16, 64, dtype=torch.float64, requires_grad=True)
        c, states = torch.zeros(16, 64, dtype=torch.float64), []
        for x_t in inputs:
            h, c = cell(x_t, (h.detach() if detached else h, c))
            states.append(c)
        gradients = torch.autograd.grad((h * upstream).sum(), (states[0], states[-1]))
        return float(gradients[0].norm() / gradients[1].norm())

    torch.manual_seed(seed)
    cell = torch.nn.LSTMCell(8, 64, dtype=torch.float64)
    with torch.no_grad():
        cell.bias_ih.zero_()
        cell.bias_hh.zero_()
        cell.bias_ih[64:128] = 2.0
    inputs, upstream = torch.randn(50, 16, 8, dtype=torch.float64), torch.randn(16, 64, dtype=torch.float64)

    assert share(detached=True) == pytest.approx(0.88**49, rel=0.1)
    assert share(detached=False) > 0.5
