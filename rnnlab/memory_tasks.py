"""Tests of memory for unit 05: batches of a task, the total since the last mark, the first of many symbols."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from rnnlab import recall
from rnnlab.networks import first_weights
from rnnlab.recall import BATCH, SYMBOLS, UNITS

Array = NDArray[np.floating[Any]]
Batch = tuple[NDArray[np.float32], NDArray[np.float32]]
Task = Callable[[int, int, np.random.Generator], tuple[Array, Array]]

OFTEN, ENOUGH = 50, 0.99
BLOCKS = {"LSTM": 4, "GRU": 3}
# With how many steps and which learning rate unit 05 trains each cell on the adding problem.
RACE = {"RNN": (300, 1e-3), "IRNN": (400, 1e-3), "LSTM": (550, 5e-3), "GRU": (300, 5e-3)}


def batches(task: Task, steps: int, T: int, seed: int) -> Iterator[Batch]:
    """Yield ``steps`` fresh batches of 64 sequences of ``task(N, T, rng)``, in float32."""
    rng = np.random.default_rng(seed)
    for _ in range(steps):
        x, y = task(BATCH, T, rng)
        yield x.astype(np.float32), y.astype(np.float32)


def running_totals(N: int, T: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return numbers from -1 to 1 with marks (N, T, 2), and at each step the total since the last mark (N, T).

    A step is marked with a probability of 1/5; its number is the first of the new total.
    """
    x = np.stack([rng.uniform(-1, 1, (N, T)), rng.random((N, T)) < 0.2], axis=-1)
    totals, total = np.zeros((N, T)), np.zeros(N)
    for t in range(T):
        total = np.where(x[:, t, 1] == 1, 0.0, total) + x[:, t, 0]
        totals[:, t] = total
    return x, totals


def last_total(N: int, T: int, rng: np.random.Generator) -> tuple[Array, Array]:
    """Return the same numbers and marks (N, T, 2), and the total at the last step (N,)."""
    x, totals = running_totals(N, T, rng)
    return x, totals[:, -1]


def errors_after(
    train: Callable[..., Mapping[str, Any]], task: Task, kind: str, size: int, steps: Sequence[int], seed: int = 0
) -> Iterator[tuple[int, float, float]]:
    """Train a cell of 32 units on ``size`` sequences of 10 steps; yield its errors after each number of ``steps``.

    train: train_adding of unit 05, which gets batches of 50
    Each item is the number of steps, the mean error over the last 50 batches, and the error on 2,000 new sequences.
    """
    rng = np.random.default_rng(seed)
    x, y = (array.astype(np.float32) for array in task(size, 10, rng))
    new = tuple(array.astype(np.float32) for array in task(2000, 10, rng))
    weights, done = first_weights(kind, 32, seed), 0
    for until in steps:
        picks = [rng.permutation(size)[:50] for _ in range(until - done)]
        trained = dict(train(kind, weights, [(x[p], y[p]) for p in picks], 5e-3, 1.0))
        losses, weights, done = trained.pop("losses"), trained, until
        # A learning rate of 0 leaves the weights as they are.
        (error,) = train(kind, weights, [new], 0.0, 1.0)["losses"]
        yield until, float(losses[-50:].mean()), float(error)


def steps_to_recall(
    kind: str, bias: float, T: int, seed: int, limit: int = 300, variant: str = "symbols between"
) -> tuple[int | None, float]:
    """Train a network to name the first of T random symbols; return the steps until it does, and how often it is right.

    kind: "LSTM" or "GRU", with 48 units; ``bias`` is what the forget or update gate's bias starts from
    variant: "symbols between"; "blanks between", where only the first symbol is shown; or "mixed lengths", where each
    batch has a random length from 1 to T
    Training stops when 99 % of 1,000 other sequences of length T are answered rightly, which is looked at every 50
    steps; after ``limit`` steps without that the first value is None.
    """
    torch.manual_seed(seed)
    net, readout = getattr(torch.nn, kind)(SYMBOLS, UNITS, batch_first=True), torch.nn.Linear(UNITS, SYMBOLS)
    with torch.no_grad():
        net.bias_ih_l0.view(BLOCKS[kind], UNITS)[1] = bias  # both orders, i f g o and r z n, have it second
        net.bias_hh_l0.view(BLOCKS[kind], UNITS)[1] = 0.0
    blank = variant == "blanks between"
    test_x, test_y = recall.symbols(1000, T, blank)
    right = 0.0
    lengths = (int(torch.randint(1, T + 1, ())) if variant == "mixed lengths" else T for _ in range(limit))
    for step, _ in enumerate(recall.training(net, readout, lengths, max_norm=1.0, blank=blank), start=1):
        if step % OFTEN == 0:
            with torch.no_grad():
                right = (readout(net(test_x)[0][:, -1]).argmax(-1) == test_y).float().mean().item()
            if right >= ENOUGH:
                return step, right
    return None, right
