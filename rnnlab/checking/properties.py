"""What several units ask of their functions, whatever the numbers."""

from __future__ import annotations

from typing import Any

import numpy as np

from rnnlab.checking.calling import Raised, Returned
from rnnlab.checking.compare import Difference, same
from rnnlab.checking.spec import Ask, Inputs


def value_at(result: Returned | Raised, at: int = 0) -> Any:
    """Return a returned value as an array; an empty one if there is none, so that it equals nothing."""
    return np.empty(0) if isinstance(result, Raised) else np.asarray(result.value[at])


def fits(seen: Any, model: Any) -> bool:
    """Return whether ``seen`` is an array of the shape and kind of ``model``.

    Only then may a property compute with it, or ask with it: a column and a row would add up to a huge table.
    """
    return isinstance(seen, np.ndarray) and seen.shape == model.shape and seen.dtype.kind == model.dtype.kind


def agrees(seen: Any, wanted: Any) -> bool:
    """Return whether a result is ``wanted`` up to rounding; like every result it may be float32 for float64."""
    return fits(seen, wanted) and same(seen, wanted.astype(seen.dtype))


def as_input(seen: Any, model: Any) -> Any:
    """Return a result as it can be asked with again: in the dtype of the input whose place it takes.

    A right answer may return float32 for float64, and torch refuses to multiply the two.
    """
    return np.asarray(seen, dtype=model.dtype)


def broken_by_split(ask: Ask, inputs: Inputs) -> Difference | None:
    """Return what differs when a sequence is read in two parts, the second from the state that the first ended in."""
    whole = value_at(ask(inputs))
    if whole.ndim != 3:
        return Difference(f"h_all has {whole.ndim} axes", "3 axes")
    k = inputs["x"].shape[1] // 2
    head = value_at(ask({**inputs, "x": inputs["x"][:, :k]}))
    if not fits(whole[:, k - 1], inputs["h0"]):
        return Difference(f"states of shape {whole.shape}", "states of the shape of h0")
    tail = value_at(ask({**inputs, "x": inputs["x"][:, k:], "h0": as_input(whole[:, k - 1], inputs["h0"])}))
    if same(head, whole[:, :k]) and same(tail, whole[:, k:]):
        return None
    return Difference(
        "reading the sequence in two parts gives other states than reading it at once",
        guess="The second part starts from the h0 that it is given.",
    )
