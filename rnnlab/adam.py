"""The optimizer Adam in NumPy."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DECAY, DECAY_OF_SQUARES, TINY = 0.9, 0.999, 1e-8


class Adam:
    """Adam with its usual settings: it remembers a running mean of each gradient and of its square.

    Source: Kingma and Ba (2015), algorithm 1.
    """

    def __init__(self, weights: Mapping[str, Floats], lr: float) -> None:
        self.weights, self.lr, self.steps = dict(weights), lr, 0
        self.means = {name: np.zeros_like(weight) for name, weight in self.weights.items()}
        self.squares = {name: np.zeros_like(weight) for name, weight in self.weights.items()}

    def step(self, gradients: Mapping[str, Floats]) -> None:
        """Change every weight in place; the gradient of ``W`` is ``gradients["dW"]``, others are left aside."""
        self.steps += 1
        for name, weight in self.weights.items():
            g, mean, square = gradients[f"d{name}"], self.means[name], self.squares[name]
            mean += (1 - DECAY) * (g - mean)
            square += (1 - DECAY_OF_SQUARES) * (g * g - square)
            fair = mean / (1 - DECAY**self.steps)
            weight -= self.lr * fair / (np.sqrt(square / (1 - DECAY_OF_SQUARES**self.steps)) + TINY)
