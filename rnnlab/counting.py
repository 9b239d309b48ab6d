"""Strings a…ab…b, with which a network can show that it counts, and a read-out that learns to name their letters."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

LETTERS = "ab."


def strings(counts: Iterable[int]) -> tuple[Floats, Whole]:
    """Return strings of n a's and n b's between full stops: to read (N, T, 3), and what comes next (N, T).

    There is one string for each n, read up to its last b; T is the length of the longest.
    The next letter is the index of a, b or the full stop; it is -1 where it cannot be known, before the first b, and
    after the end of a shorter string.
    """
    counts = list(counts)
    T = 2 * max(counts) + 1
    x, y = np.zeros((len(counts), T, 3)), np.full((len(counts), T), -1)
    for row, n in enumerate(counts):
        letters = np.array([2] + n * [0] + n * [1] + [2])
        x[row, np.arange(2 * n + 1), letters[:-1]] = 1.0
        y[row, n + 1 : 2 * n + 1] = letters[n + 2 :]
    return x, y


def example(n: int) -> tuple[Floats, list[str], Whole]:
    """Return one string as it is read (1, 2n + 1, 3), its letters, and how many a's more than b's have been read."""
    x, _ = strings([n])
    letters = [LETTERS[k] for k in x[0].argmax(axis=-1)]
    count = np.cumsum([{"a": 1, "b": -1, ".": 0}[letter] for letter in letters])
    return x, letters, count


def first_readout(H: int, rng: np.random.Generator) -> dict[str, Floats]:
    """Return first weights of a read-out from H units to the three letters: W_hy (H, 3) and b_y (3,)."""
    return {"W_hy": rng.uniform(-1, 1, (H, 3)) / np.sqrt(H), "b_y": np.zeros(3)}


def loss(h_all: Floats, y: Whole, W_hy: Floats, b_y: Floats) -> tuple[float, Floats, dict[str, Floats]]:
    """Return the cross-entropy of the next letters, averaged over those that are asked (y at least 0), and gradients.

    h_all: hidden states (N, T, H); y: indices of letters (N, T); W_hy (H, 3), b_y (3,): the read-out
    The gradients are dh_all (N, T, H), and a dict with dW_hy and db_y.
    """
    asked = y >= 0
    scores = h_all @ W_hy + b_y
    scores = scores - scores.max(axis=-1, keepdims=True)
    log_p = scores - np.log(np.exp(scores).sum(axis=-1, keepdims=True))
    wanted = np.eye(3)[y]  # (N, T, 3); the rows of what is not asked are masked below
    share = asked[..., None] / asked.sum()
    value = -float((wanted * log_p * share).sum())
    dscores: Any = (np.exp(log_p) - wanted) * share
    return (
        value,
        dscores @ W_hy.T,
        {
            "dW_hy": np.einsum("nth,ntc->hc", h_all, dscores),
            "db_y": dscores.sum(axis=(0, 1)),
        },
    )
