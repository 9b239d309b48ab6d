"""What several units ask of their functions, whatever the numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from rnnlab.checking.calling import InputRecipe, Raised, Returned
from rnnlab.checking.compare import Difference, same
from rnnlab.checking.inputs import apply
from rnnlab.checking.spec import Ask, Inputs, Property


def value_at(result: Returned | Raised, at: int = 0) -> Any:
    """Return a returned value as an array; an empty one if there is none, so that it equals nothing."""
    return np.empty(0) if isinstance(result, Raised) else np.asarray(result.value[at])


def arrays(result: Returned | Raised, count: int | None = None) -> tuple[Any, ...]:
    """Return the returned values as arrays, all or the first ``count``; empty ones where there are not so many."""
    if isinstance(result, Raised) or len(result.value) < (count or 0):
        return (np.empty(0),) * (count or 0)
    return tuple(np.asarray(value) for value in result.value[:count])


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


def relation(
    title: str,
    other: Mapping[str, Any],
    otherwise: str,
    guess: str = "",
    *,
    outputs: Sequence[int] = (0,),
    wanted: Callable[[Any], Any] = lambda result: result,
) -> Property:
    """Return the property that other inputs give results which follow from the ordinary ones.

    ``other`` has the inputs that differ, each a value or a function of those inputs that it names as its parameters.
    ``wanted`` computes each of the ``outputs`` from the ordinary result; by default it stays the same. Where one is
    not what is wanted, ``otherwise`` says what was seen, and ``guess`` why.
    """
    count = max(outputs) + 1

    def broken(ask: Ask, inputs: Inputs) -> Difference | None:
        changed = {name: apply(value, inputs) if callable(value) else value for name, value in other.items()}
        ordinary, seen = arrays(ask(inputs), count), arrays(ask({**inputs, **changed}), count)
        if all(same(seen[at], wanted(ordinary[at])) for at in outputs):
            return None
        return Difference(otherwise, guess=guess)

    return Property(title, broken)


def holds(
    title: str, rule: Callable[[Any, Inputs], bool], seen: str, wanted: str = "", guess: str = "", *, output: int = 0
) -> Property:
    """Return the property that ``rule`` is true of a returned array and the inputs.

    Where it is not, ``seen``, ``wanted`` and ``guess`` are the difference.
    """

    def broken(ask: Ask, inputs: Inputs) -> Difference | None:
        return None if rule(value_at(ask(inputs), output), inputs) else Difference(seen, wanted, guess)

    return Property(title, broken)


def batch_independent(*names: str, of: str = "sequence", results: str = "states", outputs: int = 1) -> Property:
    """Return the property that each ``of`` in a batch is computed on its own.

    The inputs ``names`` and the first ``outputs`` returned arrays, the ``results``, have a row for each of them.
    """

    def broken(ask: Ask, inputs: Inputs) -> Difference | None:
        turned = {name: value[::-1] if name in names else value for name, value in inputs.items()}
        pairs = zip(arrays(ask(turned), outputs), arrays(ask(inputs), outputs), strict=True)
        if all(seen.ndim and same(seen[::-1], straight) for seen, straight in pairs):
            return None
        return Difference(
            f"reversing the order of the {of}s changes their {results}",
            guess=f"Every {of} is to be computed on its own.",
        )

    return Property(f"{of}s of a batch do not mix", broken)


def linear_in(*upstream: str) -> Property:
    """Return the property that gradients are linear in the gradients ``upstream``: with -2 times them, -2 times all."""
    names = " and ".join(upstream)

    def broken(ask: Ask, inputs: Inputs) -> Difference | None:
        once, nothing, scaled = (
            arrays(ask({**inputs, **{name: factor * inputs[name] for name in upstream}})) for factor in (1, 0, -2)
        )
        if any(np.any(part) for part in nothing):
            return Difference(
                f"with {names} = 0 some gradient is not 0",
                guess="Something is returned that is not a gradient, or something is added without being multiplied.",
            )
        if len(once) == len(scaled) and all(same(b, -2 * a) for a, b in zip(once, scaled, strict=True)):
            return None
        return Difference(
            f"-2 times {names} does not give -2 times every gradient",
            guess=f"Every path back is a product with {' or '.join(upstream)}, nothing else.",
        )

    return Property(f"the gradients are proportional to {names}", broken)


def split_and_continue(*carried: str) -> Property:
    """Return the property that a sequence may be read in two parts, the second from where the first ended.

    The function takes x and h0 and returns h_all; ``carried`` are further starting states, whose ends are the outputs
    after h_all.
    """
    starts = ("h0", *carried)

    def broken(ask: Ask, inputs: Inputs) -> Difference | None:
        k = inputs["x"].shape[1] // 2
        whole, *end = arrays(ask(inputs), len(starts))
        head, *middle = arrays(ask({**inputs, "x": inputs["x"][:, :k]}), len(starts))
        if whole.ndim != 3 or head.ndim != 3:
            return Difference(f"h_all has {whole.ndim} axes", "3 axes")
        states = dict(zip(starts, (head[:, -1], *middle), strict=True))
        if not all(fits(state, inputs[name]) for name, state in states.items()):
            wanted = f"states of the shape of {' and '.join(starts)}"
            return Difference("states of another shape for a part of the sequence", wanted)
        states = {name: as_input(state, inputs[name]) for name, state in states.items()}
        tail, *last = arrays(ask({**inputs, "x": inputs["x"][:, k:], **states}), len(starts))
        if same(np.concatenate([head, tail], axis=1), whole) and all(map(same, last, end)):
            return None
        return Difference(
            "reading the sequence in two parts gives other states than reading it at once",
            guess=f"The second part starts from the {' and the '.join(starts)} that it is given.",
        )

    return Property("split at k and carried on, the result is the same", broken)


def drawn_from_rng(*variants: Inputs, outputs: int = 1) -> Property:
    """Return the property that all randomness comes from ``rng``, for each of the ``variants`` of the inputs.

    One seed must give the same results twice; another seed other numbers in each of the first ``outputs``.
    """

    def broken(ask: Ask, inputs: Inputs) -> Difference | None:
        for variant in variants or ({},):
            name = "".join(f"{value}: " for value in variant.values() if isinstance(value, str))
            first, again, other = (
                arrays(ask({**inputs, **variant, "rng": InputRecipe("generator", seed)})) for seed in (1, 1, 2)
            )
            if len(first) != len(again) or not all(map(same, first, again)):
                return Difference(
                    f"{name}two generators with the same seed give different numbers",
                    guess="Draw everything from rng, nothing from np.random.",
                )
            if any(map(same, first[:outputs], other[:outputs])):
                return Difference(f"{name}generators with different seeds give the same numbers", guess="Use rng.")
        return None

    return Property("all randomness comes from rng", broken)
