"""Functions that exercises take as an input, by name: they cannot be sent to where a submission lives."""

from __future__ import annotations

from typing import Any

import numpy as np


def quadratic(x: Any) -> float:
    """Return the sum of squares of ``x``, whose gradient is 2 x."""
    return float(np.sum(np.square(x)))


def raised_sines(x: Any) -> float:
    """Return 1000 plus the sum of exp(sin x) of all entries: a gradient of order one on top of a large constant."""
    return 1000.0 + float(np.sum(np.exp(np.sin(x))))


def cubic(x: Any) -> float:
    """Return the sum of k times the k-th entry cubed, k = 1, 2, ..."""
    flat = np.ravel(x)
    return float(np.sum(np.arange(1, flat.size + 1) * flat**3))


def mixed(x: Any) -> Any:
    """Return, for x (n, m), the array (m, n) of the products of each entry with its sum of row, under a tanh."""
    return np.tanh(x * x.sum(axis=1, keepdims=True)).T


def unchanged(x: Any) -> Any:
    """Return ``x`` itself, not a copy."""
    return x
