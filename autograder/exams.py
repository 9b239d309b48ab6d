"""Drawing exams from specs: fresh inputs, the reference's outcomes on them, and those of the known mistakes."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from types import ModuleType
from typing import Any

import numpy as np

from rnnlab.calling import Raised, Returned, call, parameters, replaced
from rnnlab.exam import Exam, Outcome, Question, outcome, same_outcome, summary
from rnnlab.specs import SPECS
from rnnlab.specs.spec import Case, Inputs, Spec, with_dtype
from solutions.mistakes import Mistake

SMALLEST, LARGEST = 4, 11
EXTRA_ROUNDS = 2


def fresh_sizes(spec: Spec, rng: np.random.Generator) -> dict[str, int]:
    """Return a size for each letter of the spec, all different, so that no two axes can be taken for one another."""
    drawn = rng.permutation(np.arange(SMALLEST, LARGEST + 1))
    return {letter: int(size) for letter, size in zip(spec.sizes, drawn, strict=False)}


def public_exam(spec: Spec, points: int, reference: ModuleType, mistakes: Sequence[Mistake]) -> Exam:
    """Return the exam of the student's own check: the spec's own sizes, the same numbers every time."""
    rng = np.random.default_rng(_number_of(spec.name))
    cases = (*spec.worked, *spec.cases)
    questions = tuple(_question(spec, case, spec.sizes, rng, reference, mistakes) for case in cases)
    return Exam(points, questions, _hints(mistakes))


def fresh_exam(spec: Spec, points: int, reference: ModuleType, mistakes: Sequence[Mistake], seed: int) -> Exam:
    """Return an exam drawn from ``seed``: other sizes and numbers for every seed, expected numbers not told."""
    rng = np.random.default_rng([seed, _number_of(spec.name)])
    again = [_again(spec.cases[0]) for _ in range(EXTRA_ROUNDS)] if spec.sizes else []
    cases = (*spec.worked, *spec.cases, *again)
    questions = tuple(_question(spec, case, fresh_sizes(spec, rng), rng, reference, mistakes) for case in cases)
    supply = {name: getattr(reference, name) for name in spec.builds_on}
    return Exam(points, questions, _hints(mistakes), supply, reveal=False)


def recorded_calls(spec: Spec, exam: Exam, reference: ModuleType) -> dict[str, list[tuple[Inputs, Any]]]:
    """Return the calls that the reference answer makes of the functions it builds on: their inputs and results."""
    calls: dict[str, list[tuple[Inputs, Any]]] = {name: [] for name in spec.builds_on}
    function = getattr(reference, spec.name)
    spies = {name: _spy(SPECS[name], getattr(reference, name), calls[name]) for name in spec.builds_on}
    with replaced(function.__globals__, spies):
        for question in exam.questions:
            call(function, question.inputs)
    return calls


def _spy(spec: Spec, function: Callable[..., Any], calls: list[tuple[Inputs, Any]]) -> Callable[..., Any]:
    names = [parameter.name for parameter in parameters(function)]

    def told(returned: Any) -> Any:
        """Return what is recorded: free objects, such as a cache, are left out."""
        if not spec.free:
            return returned
        return tuple(None if at in spec.free else part for at, part in enumerate(returned))

    def spied(*args: Any, **kwargs: Any) -> Any:
        returned = function(*args, **kwargs)
        given = dict(zip(names, args, strict=False)) | kwargs
        calls.append((copy.deepcopy(given), told(copy.deepcopy(returned))))
        return returned

    return spied


def _question(
    spec: Spec,
    case: Case,
    sizes: Mapping[str, int],
    rng: np.random.Generator,
    reference: ModuleType,
    mistakes: Sequence[Mistake],
) -> Question:
    sizes = {**sizes, **case.sizes}
    inputs = case.draw(rng, sizes)

    def told(function: Callable[..., Any]) -> Outcome:
        return summary(spec, case, inputs, _exact_outcome(spec, function, inputs))

    expected = told(getattr(reference, spec.name))
    wrong = {m.name: told(m.function) for m in mistakes}
    different = {name: seen for name, seen in wrong.items() if not same_outcome(spec, seen, expected)}
    return Question(case, sizes, inputs, expected, different)


def _exact_outcome(spec: Spec, function: Callable[..., Any], inputs: Inputs) -> Outcome:
    """Return the function's outcome, computed in float64 and then given the dtypes that it really returns.

    Sums in float32 depend on their order; numbers that others are compared with should not.
    """
    with _quietly():
        seen = outcome(spec, call(function, inputs))
        wide = {name: with_dtype(value, np.float32, np.float64) for name, value in inputs.items()}
        exact = outcome(spec, call(function, wide))
    if isinstance(seen, Raised) or isinstance(exact, Raised):
        return seen
    return Returned(tuple(_with_type(a, b) for a, b in zip(exact.value, seen.value, strict=True)))


def _with_type(exact: Any, seen: Any) -> Any:
    if isinstance(seen, float) and isinstance(exact, float):
        return exact
    if not isinstance(seen, (np.ndarray, np.generic)):
        return seen
    return np.asarray(exact).astype(seen.dtype)


@contextmanager
def _quietly() -> Iterator[None]:
    """Known mistakes overflow and divide by zero; that is what they are kept for."""
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def _again(case: Case) -> Case:
    return Case(f"{case.title}, once more", case.draw, case.sizes, case.edge)


def _hints(mistakes: Sequence[Mistake]) -> dict[str, str]:
    return {m.name: m.hint for m in mistakes}


def _number_of(name: str) -> int:
    return int.from_bytes(name.encode(), "big") % 2**32
