"""An exam: the calls to make of a student's function, with the outcomes of the reference and of known mistakes.

The student's check reads its exam from numbers that ship with the package; the judge draws a fresh one.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from rnnlab.checking.calling import Opaque, Raised, Returned
from rnnlab.checking.compare import Difference, no_real_numbers, not_finite, same, same_numbers
from rnnlab.checking.spec import Array, Case, Inputs, Output, Spec, TupleOf, Unchecked, Value

Outcome = Returned | Raised

# What examinations and properties raise when a result has not the form that they compute with.
MISFIT = (ArithmeticError, AttributeError, LookupError, MemoryError, TypeError, ValueError)

NUMBER, INDEX = re.compile(r"(?<![\w.])-?\d+(?:\.\d+)?(?:e[-+]?\d+)?"), re.compile(r"\[[^]]*\]")

COMPARED = (np.ndarray, np.generic, bool, int, float, str, type(None))


@dataclass(frozen=True)
class Question:
    """One call: its case, the sizes and inputs, the reference's outcome and those of the known mistakes.

    The values of outcomes are tuples, an item for each of the spec's outputs.
    ``by_hand`` says that these are the very inputs of an example in the text, whose results are no secret.
    """

    case: Case
    sizes: Mapping[str, int]
    inputs: Inputs
    expected: Outcome
    mistakes: Mapping[str, Outcome]
    by_hand: bool = False


@dataclass(frozen=True)
class Exam:
    """All that is asked about one exercise, and what it is worth.

    ``hints`` maps the names of known mistakes to the words for those who make them; ``supply`` holds right functions
    for the exercises that this one builds on; ``reveal`` says whether expected numbers may be told.
    """

    points: int
    questions: tuple[Question, ...]
    hints: Mapping[str, str]
    supply: Mapping[str, Callable[..., Any]] = field(default_factory=dict)
    reveal: bool = True


@dataclass(frozen=True)
class Recorded:
    """Stands for a function by the calls that are known of it: (inputs, what it returned)."""

    parameters: tuple[str, ...]
    calls: Sequence[tuple[Inputs, Any]]

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Return what was returned for these inputs; raises LookupError for inputs that never occurred."""
        inputs = dict(zip(self.parameters, args, strict=False)) | kwargs
        for known, returned in self.calls:
            if all(alike(inputs.get(name), value) for name, value in known.items()):
                # The answer may change in place what it is given; the next call gets what was recorded.
                return copy.deepcopy(returned)
        raise LookupError("was called with inputs that do not occur in a right answer")


def alike(given: Any, known: Any) -> bool:
    """Return whether an input is the known one up to rounding; containers are compared item by item."""
    if isinstance(known, dict):
        return (
            isinstance(given, dict) and given.keys() == known.keys() and all(alike(given[k], known[k]) for k in known)
        )
    if isinstance(known, (tuple, list)) and isinstance(given, (tuple, list)):
        return len(given) == len(known) and all(map(alike, given, known))
    return same(np.asarray(given), np.asarray(known))


def outcome(spec: Spec, result: Returned | Raised) -> Outcome:
    """Return ``result`` with its value as a tuple of the spec's outputs, free objects seen from outside only.

    A value that does not have as many parts as the spec names stays whole, as a tuple of one.
    """
    if isinstance(result, Raised):
        return result
    value = result.value
    if spec.as_dict:
        held = _without_dict(spec, value)
        if held is None:
            return replace(result, value=(value,))
        value = held
    if len(spec.returns) == 1 or not isinstance(value, (tuple, list)) or len(value) != len(spec.returns):
        whole = _part(spec.returns[0], value) if len(spec.returns) == 1 else value
        return replace(result, value=(whole,))
    parts = tuple(_part(output, part) for output, part in zip(spec.returns, value, strict=True))
    return replace(result, value=parts)


def _without_dict(spec: Spec, value: Any) -> tuple[Any, ...] | None:
    """Return a tuple of what a dict, or a tuple that begins with one, holds for the spec's outputs.

    None stands for a missing one, and the result is None if there is no dict.
    """
    missing = [None] * spec.beside_dict
    first, *beside = value if isinstance(value, (tuple, list)) and value else (value, *missing)
    if not isinstance(first, dict):
        return None
    held = spec.returns[: len(spec.returns) - spec.beside_dict]
    return (*(first.get(output.name) for output in held), *beside)


def _part(output: Output, value: Any) -> Any:
    """Return what is compared of a returned part: of what the spec does not ask for, only its outside.

    A number is the same whether it comes as Python's or as NumPy's.
    """
    if isinstance(output, TupleOf) and isinstance(value, (tuple, list)):
        return tuple(value)
    if isinstance(output, Value) and isinstance(value, (np.ndarray, np.generic)) and value.ndim == 0:
        return value.item()
    if isinstance(output, Value) and isinstance(value, (list, tuple, dict)) and _plain(value):
        return value
    compared = isinstance(value, COMPARED) and not isinstance(output, Unchecked)
    return value if compared or isinstance(value, Opaque) else Opaque.of(value)


def _plain(value: Any) -> bool:
    """Return whether a container holds nothing but numbers and strings, so that it can be compared as a whole."""
    parts = value.values() if isinstance(value, dict) else value
    return all(isinstance(part, (str, int, float, np.integer, np.floating)) for part in parts)


def summary(spec: Spec, case: Case, inputs: Inputs, seen: Outcome) -> Outcome:
    """Return what two outcomes of a case are compared by.

    That is the outputs that the case compares, None in the place of others; where it is examined, how that ended; and
    where it must be quiet, the warning that was not.
    """
    if isinstance(seen, Raised):
        return seen
    if case.examine is not None:
        # Results that nothing can be computed with fail every examination, and look like no mistake in particular.
        if unusable(spec, seen):
            return Returned(("unusable",))
        found = examined(spec, case, inputs, seen)
        return Returned((_roughly(found.seen) if found else "passes",))
    value = seen.value
    if len(value) == len(spec.returns):
        value = tuple(v if case.compares(output) else None for output, v in zip(spec.returns, value, strict=True))
    return Returned(value, seen.changed, seen.warned if case.quiet else "")


def _roughly(text: str) -> str:
    """Return ``text`` with one digit of each number, and without indices: what random numbers leave the same.

    Two answers fail alike only if they fail by about as much: a variance of 2/H is one mistake, of 1/H² another.
    """
    return NUMBER.sub(lambda number: f"{float(number[0]):.0e}", INDEX.sub("", text))


def examined(spec: Spec, case: Case, inputs: Inputs, seen: Returned) -> Difference | None:
    """Return what the case's examination finds; results that it cannot even look at are a difference too."""
    assert case.examine is not None
    if found := unusable(spec, seen):
        return found
    try:
        return case.examine(seen.value, inputs)
    except MISFIT:
        return Difference("what was returned is of another kind than the exercise describes")


def unusable(spec: Spec, seen: Returned) -> Difference | None:
    """Return why nothing can be computed with what was returned: no array of real numbers, or one with nan or inf.

    No comparison with nan is true, so that an examination that looks for what is wrong would find nothing.
    None if all arrays and numbers can be used; a cache is the student's own affair.
    """
    for output, value in zip(spec.returns, seen.value, strict=False):
        if isinstance(output, Array) and (found := no_real_numbers(output.name, value)):
            return found
        if isinstance(output, (Array, Value)) and (found := not_finite(output.name, value)):
            return found
    return None


def same_outcome(spec: Spec, seen: Outcome, known: Outcome) -> bool:
    """Return whether two outcomes are the same: the same kind of exception, or the same numbers up to rounding."""
    if isinstance(seen, Raised) or isinstance(known, Raised):
        return isinstance(seen, Raised) and isinstance(known, Raised) and seen.kind == known.kind
    if bool(seen.warned) != bool(known.warned):
        return False
    return len(seen.value) == len(known.value) and all(
        _same_part(output, a, b) for output, a, b in zip(spec.returns, seen.value, known.value, strict=False)
    )


def parts_off(spec: Spec, seen: Outcome, known: Outcome) -> frozenset[int]:
    """Return the positions of the outputs in which two outcomes have other numbers, whatever their dtypes.

    Axes of length 1 are left out of the comparison.
    Where one raised and the other did not, or another exception, all outputs are off; a warning that only one of them
    gave is a further position, after the last output.
    """
    everything = frozenset(range(len(spec.returns)))
    if isinstance(seen, Raised) or isinstance(known, Raised):
        return frozenset() if same_outcome(spec, seen, known) else everything
    if len(seen.value) != len(known.value):
        return everything
    pairs = zip(spec.returns, seen.value, known.value, strict=False)
    off = {at for at, (output, a, b) in enumerate(pairs) if not _same_part(output, a, b, same_numbers)}
    return frozenset(off | ({len(spec.returns)} if bool(seen.warned) != bool(known.warned) else set()))


def _same_part(output: Output, seen: Any, known: Any, equal: Callable[[Any, Any], bool] = same) -> bool:
    if isinstance(seen, tuple) and isinstance(known, tuple):
        return len(seen) == len(known) and all(map(equal, seen, known))
    if not isinstance(output, Unchecked):
        return equal(seen, known)
    # What a cache is made of is the student's affair; only a length that the spec asks for tells mistakes apart.
    return output.length is None or getattr(seen, "length", None) == getattr(known, "length", None)
