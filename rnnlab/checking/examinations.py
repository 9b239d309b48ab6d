"""Ways to examine what was returned where more than one result is right, as of random weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnlab.checking.compare import Difference
from rnnlab.checking.inputs import shape
from rnnlab.checking.spec import Examination, Inputs


def shaped(*outputs: str, kinds: str = "f") -> Examination:
    """Return the examination of shapes: each output is described by a name and axes, whose sizes are inputs ("W H 4H").

    ``kinds`` has the letters of NumPy's dtype kinds that are right.
    """

    def examine(value: tuple[Any, ...], inputs: Inputs) -> Difference | None:
        for (name, _, axes), seen in zip((output.partition(" ") for output in outputs), value, strict=True):
            wanted = shape(axes, inputs)
            if np.shape(seen) != wanted:
                return Difference(f"{name} has shape {np.shape(seen)}", f"shape {wanted}")
            if np.asarray(seen).dtype.kind not in kinds:
                return Difference(f"{name} is {np.asarray(seen).dtype}", "float64")
        return None

    return examine


def in_turn(*examinations: Examination) -> Examination:
    """Return the examination whose difference is the first that one of these finds; after that none is tried."""

    def examine(value: tuple[Any, ...], inputs: Inputs) -> Difference | None:
        return next((found for each in examinations if (found := each(value, inputs))), None)

    return examine
