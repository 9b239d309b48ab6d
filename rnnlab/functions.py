"""Functions that exercises take as an input, by name: they cannot be sent to where a submission lives."""

from __future__ import annotations

from typing import Any

import numpy as np


def quadratic(x: Any) -> float:
    """Return the sum of squares of ``x``, whose gradient is 2 x."""
    return float(np.sum(np.square(x)))
