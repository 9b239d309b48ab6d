"""Tests of memory: what their sequences hold, and what the helpers measure."""

import numpy as np
import pytest
import torch

from rnnlab import memory_tasks


def test_a_total_starts_anew_at_a_mark():
    x, totals = memory_tasks.running_totals(50, 12, np.random.default_rng(0))
    marked = x[:, :, 1] == 1

    np.testing.assert_array_equal(totals[marked], x[:, :, 0][marked])
    np.testing.assert_allclose(
        (totals[:, 1:] - totals[:, :-1])[~marked[:, 1:]], x[:, 1:, 0][~marked[:, 1:]], atol=1e-12
    )
    assert 0.1 < marked.mean() < 0.3


def test_the_last_total_is_asked():
    x, y = memory_tasks.last_total(4, 6, np.random.default_rng(0))
    again, totals = memory_tasks.running_totals(4, 6, np.random.default_rng(0))

    np.testing.assert_array_equal(x, again)
    np.testing.assert_array_equal(y, totals[:, -1])


def test_batches_are_fresh_float32_and_the_same_for_a_seed():
    (x, y), (x2, _) = memory_tasks.batches(memory_tasks.last_total, 2, 5, seed=0)
    first, _ = next(memory_tasks.batches(memory_tasks.last_total, 1, 5, seed=0))

    assert (x.shape, y.shape, x.dtype, y.dtype) == ((64, 5, 2), (64,), np.float32, np.float32)
    np.testing.assert_array_equal(first, x)
    assert (x != x2).any()


def test_errors_are_taken_after_each_number_of_steps_from_weights_that_go_on():
    calls = []

    def train(kind, weights, batches, lr, max_norm):
        calls.append((weights.get("w"), [len(x) for x, _ in batches], lr))
        return {"losses": np.full(len(batches), float(len(calls))), "w": len(calls)}

    errors = list(memory_tasks.errors_after(train, memory_tasks.last_total, "GRU", 60, (100, 130)))

    assert errors == [(100, 1.0, 2.0), (130, 3.0, 4.0)]
    assert calls == [(None, [50] * 100, 5e-3), (1, [2000], 0.0), (1, [50] * 30, 5e-3), (3, [2000], 0.0)]


def test_a_short_recall_is_learned_and_tells_its_steps():
    torch.set_num_threads(1)
    steps, right = memory_tasks.steps_to_recall("GRU", 1, T=2, seed=0)

    assert steps in (50, 100, 150, 200)
    assert right >= 0.99


@pytest.mark.parametrize("variant", ["symbols between", "blanks between", "mixed lengths"])
def test_a_run_that_is_too_short_says_how_often_it_was_right(variant):
    steps, right = memory_tasks.steps_to_recall("LSTM", 0, T=12, seed=0, limit=50, variant=variant)

    assert steps is None
    assert 0.05 < right < 0.99
