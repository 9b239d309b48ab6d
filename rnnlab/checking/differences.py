"""What differs between what a function did and what its spec asks, told so that a student can go on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from rnnlab.checking.calling import Opaque, Parameter, Raised, Returned
from rnnlab.checking.compare import NUMBERS, Difference, difference, kind_difference, shortened
from rnnlab.checking.exam import Outcome, Question, examined
from rnnlab.checking.spec import Array, Inputs, Output, Spec, TupleOf, Unchecked

NO_RETURN = "The function may lack a `return`."

# NumPy's own words for it speak of dimensions and dtypes.
UNEVEN_ROWS = "rows of different lengths make no array; look at the shapes of what you put together"


def signature_difference(spec: Spec, found: tuple[Parameter, ...]) -> Difference | None:
    """Return what keeps a function with the parameters ``found`` from being called as the spec calls it."""
    names = tuple(p.name for p in found)
    unknown = [p.name for p in found if p.required and p.name not in spec.parameters]
    absent = [name for name in spec.parameters if name not in names]
    if not absent and not unknown:
        return None
    return Difference(
        f"{spec.name}({shortened(', '.join(names))})",
        f"{spec.name}({', '.join(spec.parameters)})",
        "Parameters of your own are welcome if they have a default." if unknown and not absent else "",
    )


def kinds_difference(spec: Spec, question: Question, seen: Outcome) -> Difference | None:
    """Return the first difference in number, type, shape or dtype of what is returned."""
    if isinstance(question.expected, Raised):
        return None
    if isinstance(seen, Raised):
        return raised_difference(seen)
    if len(seen.value) != len(spec.returns):
        return _count_difference(spec, seen.value[0])
    if question.case.examine is not None:
        return None
    pairs = zip(spec.returns, seen.value, question.expected.value, strict=True)
    for output, value, expected in pairs:
        if not question.case.compares(output) or expected is None:
            continue
        if isinstance(output, Array) and (found := kind_difference(output.name, value, expected, output.axes)):
            return _with_source(found, spec, question.inputs, value)
    return None


def _count_difference(spec: Spec, value: Any) -> Difference:
    """Return the difference between ``value``, which is not what the spec's outputs are returned as, and them."""
    if value is None:
        return Difference("None returned", _wanted(spec), NO_RETURN)
    return Difference(f"{_count(value)} returned", _wanted(spec))


def _with_source(found: Difference, spec: Spec, inputs: Inputs, value: Any) -> Difference:
    """Return ``found`` with the help that fits better if ``value`` is nothing, or one of the inputs as it came."""
    if value is None and len(spec.returns) == 1:
        return replace(found, guess=f"{NO_RETURN} Or what it returns has never been given a value.")
    if value is None and spec.as_dict:
        return replace(found, guess="Either the dict has no such key, or its value is still None.")
    given = _given(inputs, value)
    return replace(found, guess=given) if given else found


def _given(inputs: Inputs, value: Any) -> str:
    """Say which of the inputs ``value`` is, if it is one, as it was passed in."""
    name = next((name for name, known in _arrays(inputs) if _is_same_array(value, known)), "")
    return f"It is {name} itself, as it was passed in." if name else ""


def _arrays(inputs: Inputs) -> Iterator[tuple[str, Any]]:
    """Yield the arrays among the inputs, also within dicts and tuples, with what they are called."""
    for name, value in inputs.items():
        if isinstance(value, np.ndarray):
            yield name, value
        elif isinstance(value, dict):
            yield from _arrays(value)
        elif isinstance(value, tuple):
            yield from _arrays({f"item {at} of {name}": item for at, item in enumerate(value)})


def _is_same_array(value: Any, known: Any) -> bool:
    """Return whether both are arrays of the same numbers, several and not all zero: two such are no coincidence."""
    if not isinstance(value, np.ndarray) or value.dtype.kind not in NUMBERS or not isinstance(known, np.ndarray):
        return False
    return value.size > 1 and bool(np.any(value)) and np.array_equal(value, known)


def outcome_difference(spec: Spec, question: Question, seen: Outcome, reveal: bool) -> Difference | None:
    """Return what differs between the outcome that was seen and the one the question expects; None if nothing does.

    Expected numbers are shown only with ``reveal``, and those of an example worked by hand, which stand in the text.
    """
    expected = question.expected
    # The numbers of an example are few and small: their ratios are 2 or 1/2 by chance, whatever the letters stand for.
    sizes = {} if question.case.worked else question.sizes
    if isinstance(expected, Raised):
        return _refusal(expected, seen)
    if isinstance(seen, Raised):
        return raised_difference(seen)
    if found := kinds_difference(spec, question, seen):
        return found
    if question.case.examine is not None:
        return examined(spec, question.case, question.inputs, seen)
    for output, value, wanted in zip(spec.returns, seen.value, expected.value, strict=True):
        if question.case.compares(output) and (
            found := _part_difference(
                output,
                value,
                wanted,
                question.sizes if isinstance(output, Unchecked) else sizes,
                reveal or question.by_hand,
            )
        ):
            return _with_twin(found, spec, question.inputs, output, seen)
    return _noise(seen) if question.case.quiet else None


def _with_twin(found: Difference, spec: Spec, inputs: Inputs, output: Output, seen: Returned) -> Difference:
    """Return ``found`` with a word about the input or the other output whose very numbers ``output`` holds, if any."""
    value = seen.value[spec.returns.index(output)]
    twin = _given(inputs, value)
    for other, numbers in zip(spec.returns, seen.value, strict=True):
        if not twin and other is not output and _is_same_array(value, numbers):
            twin = f"It holds the same numbers as {other.name}: `a = b` gives one array two names and makes no copy."
    return replace(found, guess=f"{found.guess} {twin}".strip())


def _part_difference(
    output: Output, seen: Any, expected: Any, sizes: Mapping[str, int], reveal: bool
) -> Difference | None:
    if isinstance(output, Unchecked):
        return _free_difference(output, seen, sizes)
    if isinstance(output, TupleOf):
        return _parts_difference(output, seen, expected, sizes, reveal)
    axes = output.axes if isinstance(output, Array) else None
    return difference(output.name, seen, expected, axes=axes, sizes=sizes, reveal=reveal)


def _free_difference(output: Unchecked, seen: Opaque, sizes: Mapping[str, int]) -> Difference | None:
    if output.length is None or seen.length == sizes[output.length]:
        return None
    return Difference(
        f"{output.name} is a {seen.kind} of length {seen.length}",
        f"length {output.length} = {sizes[output.length]}",
        "Keep one entry for every step; the backward pass needs each of them.",
    )


def _parts_difference(
    output: TupleOf, seen: Any, expected: Any, sizes: Mapping[str, int], reveal: bool
) -> Difference | None:
    names = ", ".join(part.name for part in output.of)
    wanted = f"a tuple of {len(output.of)} arrays: {names}"
    if not isinstance(seen, tuple):
        return Difference(f"{output.name} is no tuple", wanted)
    if len(seen) != len(output.of):
        return Difference(f"{output.name} has length {len(seen)}", wanted)
    for at, part in enumerate(output.of):
        name = f"{output.name}[{at}] ({part.name})"
        if found := difference(name, seen[at], expected[at], axes=part.axes, sizes=sizes, reveal=reveal):
            return found
    return None


def _noise(seen: Returned) -> Difference | None:
    if not seen.warned:
        return None
    return Difference(f"right numbers, but NumPy warns: {seen.warned}", "no warning")


def _refusal(expected: Raised, seen: Outcome) -> Difference | None:
    if isinstance(seen, Raised):
        return None if seen.kind == expected.kind else raised_difference(seen, expected.kind)
    return Difference("no error", expected.kind)


def raised_difference(seen: Raised, expected: str = "") -> Difference:
    """Return the difference between the exception ``seen`` and the kind of exception that was ``expected``, if any."""
    message = UNEVEN_ROWS if "inhomogeneous shape" in seen.message else seen.message.strip().rstrip(".")
    what = f"{seen.kind}: {message}" if message else seen.kind
    where = f", in the line `{seen.line}`" if seen.line else ""
    said = f"{what}{where}" if expected else f"the function stopped with {what}{where}"
    return Difference(said, expected, _cause(seen), raised=seen)


def _cause(seen: Raised) -> str:
    """Return the commonest cause of an exception whose own words do not say it; "" if nothing better is known."""
    if seen.kind == "NameError":
        return "The function may use a name that is only defined in another cell: pass it in, or define it here."
    if re.match(r"Cannot interpret '\d+' as a data type", seen.message):
        return "np.zeros, np.ones and np.empty take the shape as one tuple, with brackets of its own: np.zeros((2, 3))."
    if "not aligned" in seen.message or "mismatch in its core dimension" in seen.message:
        return (
            "In this course every sequence is a row, so it is x @ W, with W of shape (D, H). "
            "W @ x belongs to courses in which every sequence is a column."
        )
    return ""


def _wanted(spec: Spec) -> str:
    names = [output.name for output in spec.returns]
    if not spec.as_dict:
        return f"{len(names)} values: {', '.join(names)}"
    held = len(names) - spec.beside_dict
    return " and ".join([f"a dict with the keys {', '.join(names[:held])}", *names[held:]])


def _count(value: Any) -> str:
    number = len(value) if isinstance(value, (tuple, list)) else 1
    return f"{number} value" if number == 1 else f"{number} values"
