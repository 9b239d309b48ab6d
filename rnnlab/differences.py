"""What differs between what a function did and what its spec asks, told so that a student can go on."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from rnnlab.calling import Opaque, Parameter, Raised, Returned
from rnnlab.compare import Difference, difference, kind_difference, shortened
from rnnlab.exam import Outcome, Question, examined
from rnnlab.specs.spec import Array, Free, Output, Parts, Spec


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
        return Difference(f"{_count(seen.value[0])} returned", _wanted(spec))
    if question.case.examine is not None:
        return None
    pairs = zip(spec.returns, seen.value, question.expected.value, strict=True)
    for output, value, expected in pairs:
        if not question.case.compares(output) or expected is None:
            continue
        if isinstance(output, Array) and (found := kind_difference(output.name, value, expected, output.axes)):
            return found
    return None


def outcome_difference(spec: Spec, question: Question, seen: Outcome, reveal: bool) -> Difference | None:
    """Return what differs between the outcome that was seen and the one the question expects; None if nothing does.

    Expected numbers are told only with ``reveal``.
    """
    expected = question.expected
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
            found := _part_difference(output, value, wanted, question.sizes, reveal)
        ):
            return found
    return _noise(seen) if question.case.quiet else None


def _part_difference(
    output: Output, seen: Any, expected: Any, sizes: Mapping[str, int], reveal: bool
) -> Difference | None:
    if isinstance(output, Free):
        return _free_difference(output, seen, sizes)
    if isinstance(output, Parts):
        return _parts_difference(output, seen, expected, sizes, reveal)
    axes = output.axes if isinstance(output, Array) else None
    return difference(output.name, seen, expected, axes=axes, sizes=sizes, reveal=reveal)


def _free_difference(output: Free, seen: Opaque, sizes: Mapping[str, int]) -> Difference | None:
    if output.length is None or seen.length == sizes[output.length]:
        return None
    return Difference(
        f"{output.name} is a {seen.kind} of length {seen.length}",
        f"length {output.length} = {sizes[output.length]}",
        "Keep one entry for every step; the backward pass needs each of them.",
    )


def _parts_difference(
    output: Parts, seen: Any, expected: Any, sizes: Mapping[str, int], reveal: bool
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
    return Difference("returned without complaint", f"raises {expected.kind}")


def raised_difference(seen: Raised, expected: str = "a result") -> Difference:
    """Return the difference between the exception ``seen`` and what was ``expected``."""
    helps = {
        "NameError": "The function may use a name that is only defined in another cell: pass it in, or define it here.",
    }
    where = f" in the line `{seen.line}`" if seen.line else ""
    return Difference(f"{seen.kind}: {seen.message}{where}", expected, helps.get(seen.kind, ""), raised=True)


def _wanted(spec: Spec) -> str:
    names = [output.name for output in spec.returns]
    if not spec.as_dict:
        return f"{len(names)} values: {', '.join(names)}"
    held = len(names) - spec.beside_dict
    return " and ".join([f"a dict with the keys {', '.join(names[:held])}", *names[held:]])


def _count(value: Any) -> str:
    return f"{len(value)} values" if isinstance(value, (tuple, list)) else "1 value"
