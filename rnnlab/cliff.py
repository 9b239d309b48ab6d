"""The smallest recurrent network with a cliff in its error: one unit, two parameters, 50 steps; for unit 03.

The unit computes x_t = w * sigmoid(x_(t-1)) + b from x_0 = 0.5 and should arrive at 0.7.
Source: Pascanu, Mikolov and Bengio (2013), section 2.3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Clip = Callable[[Mapping[str, Floats]], Mapping[str, Floats]]

FIRST, GOAL, STEPS = 0.5, 0.7, 50


def error(w: Floats, b: Floats) -> tuple[Floats, Floats, Floats]:
    """Return the error (x_50 - 0.7)² for arrays of weights and biases, and its derivatives by w and by b."""
    x, by_w, by_b = np.full_like(w, FIRST), np.zeros_like(w), np.zeros_like(w)
    for _ in range(STEPS):
        s = np.exp(-np.logaddexp(0.0, -x))  # the sigmoid, which cannot overflow in this form
        factor = w * s * (1 - s)
        by_w, by_b = s + factor * by_w, 1 + factor * by_b
        x = w * s + b
    return (x - GOAL) ** 2, 2 * (x - GOAL) * by_w, 2 * (x - GOAL) * by_b


def landscape(points: int = 121) -> tuple[Floats, Floats, Floats, Floats]:
    """Return w (points,), b (points,), the error at each pair (b, w), and the length of its gradient there."""
    w, b = np.linspace(4, 7, points), np.linspace(-4, -1.5, points)
    height, by_w, by_b = error(*np.meshgrid(w, b))
    return w, b, height, np.hypot(by_w, by_b)


def walk(clip: Clip, steps: int = 60) -> tuple[Floats, Floats]:
    """Walk down by gradient descent with a step size of 0.01, from w = 5 and b = -2.

    clip: takes and returns the gradients, a dict of the arrays w and b, both of shape ()
    Returns the places (steps + 1, 2) as pairs of w and b, and the length of the gradient at each step before clipping.
    """
    place = {"w": np.array(5.0), "b": np.array(-2.0)}
    places, lengths = [list(place.values())], []
    for _ in range(steps):
        _, by_w, by_b = error(**place)
        clipped = clip({"w": by_w, "b": by_b})
        place = {name: value - 0.01 * clipped[name] for name, value in place.items()}
        places.append(list(place.values()))
        lengths.append(np.hypot(by_w, by_b))
    return np.array(places, dtype=np.float64), np.array(lengths)
