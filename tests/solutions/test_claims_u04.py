"""What unit 04 claims about seeds beyond the one that runs in it."""

import numpy as np
import pytest

import solutions
from rnnlab import counting, reach
from rnnlab.adam import Adam

U04 = solutions.reference("u04_lstm")
BIASES = (0, 1, 2, 3)


def counter(seed):
    """Train as the unit does, from another seed; return the LSTM's weights and the read-out's."""
    rng, zeros = np.random.default_rng(seed), np.zeros((10, 8))
    x, y = counting.strings(range(1, 11))
    weights, readout = U04.init_lstm(3, 8, 1.0, rng), counting.first_readout(8, rng)
    adam = Adam({**weights, **readout}, lr=0.02)
    for _ in range(400):
        h_all, _, caches = U04.lstm_forward(x, zeros, zeros, **weights)
        _, dh_all, grads = counting.loss(h_all, y, **readout)
        adam.step(grads | U04.lstm_backward(dh_all, zeros, caches))
    return weights, readout


def read(weights, n):
    return U04.lstm_forward(counting.strings([n])[0], np.zeros((1, 8)), np.zeros((1, 8)), **weights)


def counts_up_to(weights, readout):
    """Return the largest n up to which every string is right."""
    n = 0
    while True:
        y = counting.strings([n + 1])[1]
        named = (read(weights, n + 1)[0] @ readout["W_hy"] + readout["b_y"]).argmax(axis=-1)
        if ((named != y) & (y >= 0)).any():
            return n
        n += 1


@pytest.fixture(scope="module")
def counters():
    return [counter(seed) for seed in range(6)]


@pytest.mark.slow
def test_your_lstm_counts_on_every_seed(counters):
    correlations = []
    for weights, _ in counters:
        _, _, caches = read(weights, 10)
        c_all, count = np.stack([cache[7][0] for cache in caches]), counting.example(10)[2]
        follows = np.array([np.corrcoef(c, count)[0, 1] for c in c_all.T])
        correlations.append(follows[np.argmax(np.abs(follows))])
    reached = [counts_up_to(*pair) for pair in counters]

    assert np.abs(correlations).min() >= 0.915
    assert min(correlations) < 0 < max(correlations)
    assert min(reached) >= 12
    assert max(reached) <= 17


@pytest.mark.parametrize("seed", range(3))
def test_more_arrives_than_the_forget_gates_alone_let_through(seed):
    left = {bias: U04.gradient_at_cells(bias, seed)[49] for bias in BIASES}
    alone = {bias: U04.sigmoid(np.array(float(bias))) ** 49 for bias in BIASES}

    assert all(left[bias] > alone[bias] for bias in BIASES)
    assert left[0] < 1e-9
    assert 1e-4 < left[1] < 1e-2
    assert 0.1 < left[2] < 1
    assert left[3] > 1


@pytest.mark.parametrize("bias", BIASES)
def test_the_students_way_back_is_torchs(bias):
    """Two programs, two random draws: their shares agree within a factor of three."""
    ours = np.log10([U04.gradient_at_cells(bias, seed)[49] for seed in range(3)]).mean()
    torchs = np.log10([reach.shares("LSTM", bias, seed)[49] for seed in range(3)]).mean()

    assert abs(ours - torchs) < np.log10(3)


def test_what_a_forget_gate_keeps_over_49_steps_is_what_exercise_5_says():
    kept = U04.sigmoid(np.array([4.0, 7.0, 10.0])) ** 49

    np.testing.assert_allclose(kept, [0.41, 0.96, 0.998], atol=0.005)


def test_a_forget_gate_at_zero_stops_the_gradient_of_the_cell_state():
    cache = [np.full((1, 1), 0.5) for _ in range(8)] + [np.ones((1, 4)), np.zeros((1, 4))]
    cache[4] = np.zeros((1, 1))

    _, dh_prev, dc_prev, *_ = U04.lstm_cell_backward(np.ones((1, 1)), np.ones((1, 1)), tuple(cache))

    assert dc_prev == 0
    assert dh_prev == 0
