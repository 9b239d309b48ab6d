"""Ways to draw an input of an exercise. Each is a function of a random generator and the sizes.

Axes are written as in the texts: "N D" is (N, D), "H 4H" is (H, 4H), "2 N" is (2, N), "N T+1" is (N, T + 1). Numbers
are rounded, so that they read well in a table and are the same on every machine.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from rnnlab.checking.calling import InputRecipe
from rnnlab.checking.spec import Change, Inputs, Rng, Sizes

Floats = np.ndarray[Any, np.dtype[np.float64]]
DrawOne = Callable[[Rng, Sizes], Any]
AXIS = re.compile(r"(\d*)([^\W\d]\w*)?(?:\+(\d+))?")


def length(axis: str, sizes: Sizes) -> int:
    """Return what an axis stands for, as 20 for "4H" where H = 5.

    Raises KeyError for a size that is not given, ValueError for what is no axis.
    """
    found = AXIS.fullmatch(axis)
    if not found:
        raise ValueError(f"the axis {axis!r} cannot be read; write it like N, 4H, 2 or T+1")
    factor, letter, more = found.groups()
    return int(factor or 1) * (sizes[letter] if letter else 1) + int(more or 0)


def shape(axes: str, sizes: Sizes) -> tuple[int, ...]:
    """Return the shape that ``axes`` stands for, as (3, 20) for "N 4H" where N = 3 and H = 5."""
    return tuple(length(axis, sizes) for axis in axes.split())


def rounded_normal(rng: Rng, *shape: int) -> Floats:
    """Return standard normal numbers rounded to two places."""
    return np.round(rng.standard_normal(shape), 2)


def normal(axes: str, scale: float = 1.0) -> DrawOne:
    """Draw ``scale`` times standard normal numbers."""
    return lambda rng, sizes: scale * rounded_normal(rng, *shape(axes, sizes))


def state(axes: str) -> DrawOne:
    """Draw hidden states: numbers between -1 and 1, as tanh gives them."""
    return lambda rng, sizes: np.tanh(rounded_normal(rng, *shape(axes, sizes))).round(2)


def weight(axes: str, scale: float = 0.5) -> DrawOne:
    """Draw weights: normal numbers with the standard deviation ``scale``, small enough not to saturate a unit."""
    return lambda rng, sizes: (scale * rounded_normal(rng, *shape(axes, sizes))).round(3)


def uniform(axes: str, low: float, high: float, digits: int = 2) -> DrawOne:
    """Draw numbers that are uniform between ``low`` and ``high``, rounded to ``digits`` places."""
    return lambda rng, sizes: rng.uniform(low, high, shape(axes, sizes)).round(digits)


def number(low: float, high: float) -> DrawOne:
    """Draw one float between ``low`` and ``high``, rounded to two places."""
    return lambda rng, sizes: round(float(rng.uniform(low, high)), 2)


def integers(axes: str, low: int, high: int | str) -> DrawOne:
    """Draw integers from ``low`` up to, not including, ``high``: a number or a size, as "V"."""
    return lambda rng, sizes: rng.integers(low, length(str(high), sizes), shape(axes, sizes))


def zeros(axes: str) -> DrawOne:
    """Give zeros."""
    return lambda rng, sizes: np.zeros(shape(axes, sizes))


def size(axis: str) -> DrawOne:
    """Give a size itself, as "H" or "T+3"."""
    return lambda rng, sizes: length(axis, sizes)


def altered(draw: DrawOne, alter: Callable[[Any], Any]) -> DrawOne:
    """Draw an input and alter it, as in ``altered(normal("N"), np.abs)``."""
    return lambda rng, sizes: alter(draw(rng, sizes))


def generator(low: int, high: int) -> DrawOne:
    """Give a random generator whose seed is drawn from ``low`` up to, not including, ``high``."""
    return lambda rng, sizes: InputRecipe("generator", int(rng.integers(low, high)))


def computed(name: str, rule: Callable[..., Any]) -> Change:
    """Return the change that computes an input from others, which ``rule`` names as its parameters.

    ``computed("mask", lambda targets: targets != 0)``; an input may follow from what was drawn for itself.
    """
    return lambda inputs, rng, sizes: {**inputs, name: apply(rule, inputs)}


def apply(rule: Callable[..., Any], inputs: Inputs) -> Any:
    """Return ``rule`` of those of ``inputs`` that it names as its parameters."""
    return rule(**{name: inputs[name] for name in inspect.signature(rule).parameters})


def function(name: str) -> InputRecipe:
    """Return what stands for the function of that name in `rnnlab.checking.functions`."""
    return InputRecipe("function", name)
