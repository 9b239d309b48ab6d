"""Gradient check: compares what a backward pass returns with finite differences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

STEP = 1e-5


def gradient_error(
    loss: Callable[..., Any],
    inputs: Mapping[str, NDArray[np.float64]],
    gradients: Mapping[str, NDArray[np.float64]],
) -> dict[str, float]:
    """Return, for each name in ``gradients``, its relative error against central differences of ``loss(**inputs)``.

    The error is max|g - n| / max(|g| + |n|) over the array, 0 where both vanish; below 1e-6 a gradient is right,
    above 1e-3 it is wrong.
    Inputs must be float64 arrays; they are not changed.
    Raises ValueError if a gradient has no input of its name, or another shape than the input.

    Source: central differences with the step near the cube root of float64's precision (Press et al., Numerical
    Recipes, section 5.7).
    """
    errors = {}
    for name, gradient in gradients.items():
        if name not in inputs:
            raise ValueError(f"there is a gradient for {name}, but the inputs are {', '.join(inputs)}")
        if np.shape(gradient) != inputs[name].shape:
            raise ValueError(
                f"the gradient of {name} has shape {np.shape(gradient)}; it must have the input's, {inputs[name].shape}"
            )
        numeric = _central_differences(loss, inputs, name)
        scale = float(np.max(np.abs(gradient) + np.abs(numeric), initial=0.0))
        errors[name] = float(np.max(np.abs(gradient - numeric), initial=0.0)) / scale if scale else 0.0
    return errors


def _central_differences(
    loss: Callable[..., Any], inputs: Mapping[str, NDArray[np.float64]], name: str
) -> NDArray[np.float64]:
    base = inputs[name]
    slopes = np.empty(base.size)
    for i in range(base.size):
        shift = np.zeros(base.shape)
        shift.flat[i] = STEP
        ahead = float(loss(**{**inputs, name: base + shift}))
        behind = float(loss(**{**inputs, name: base - shift}))
        slopes[i] = (ahead - behind) / (2 * STEP)
    return slopes.reshape(base.shape)
