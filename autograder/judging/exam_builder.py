"""Drawing exams from specs: fresh inputs, the reference's outcomes on them, and those of the known mistakes."""

from __future__ import annotations

import copy
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np

from rnnlab.checking.calling import Raised, call, parameters, replaced
from rnnlab.checking.exam import Exam, Outcome, Question, alike, outcome, same_outcome, summary
from rnnlab.checking.spec import Array, Case, Inputs, Spec, Value, with_dtype
from rnnlab.specs import SPECS
from solutions.mistakes import Mistake

SMALLEST, LARGEST = 4, 11
EXTRA_ROUNDS = 2


def fresh_sizes(spec: Spec, rng: np.random.Generator) -> dict[str, int]:
    """Return a size for each letter of the spec, all different, so that no two axes can be taken for one another."""
    drawn = rng.permutation(np.arange(SMALLEST, LARGEST + 1))
    return {letter: int(size) for letter, size in zip(spec.sizes, drawn, strict=False)}


def public_exam(spec: Spec, points: int, reference: ModuleType, mistakes: Sequence[Mistake]) -> Exam:
    """Return the exam of the student's own check: the spec's own sizes, the same numbers every time.

    Where only the judge compares answers, known mistakes that none of these questions shows are left out.
    """
    rng = np.random.default_rng(_number_of(spec.name))
    cases = [case.public() for case in spec.cases]
    questions = tuple(_question(spec, case, spec.sizes, rng, reference, mistakes) for case in cases)
    if any(case.choices for case in cases):
        # A hint to an answer that is not compared here would give it away.
        mistakes = [m for m in mistakes if any(m.name in question.mistakes for question in questions)]
    return Exam(points, questions, _hints(mistakes))


def fresh_exam(spec: Spec, points: int, reference: ModuleType, mistakes: Sequence[Mistake], seed: int) -> Exam:
    """Return an exam drawn from ``seed``: other sizes and numbers for every seed, expected numbers not shown."""
    rng = np.random.default_rng([seed, _number_of(spec.name)])
    again = [_again(spec.ordinary) for _ in range(EXTRA_ROUNDS)] if spec.sizes else []
    cases = (*spec.cases, *again)
    questions = tuple(_question(spec, case, fresh_sizes(spec, rng), rng, reference, mistakes) for case in cases)
    supply = {name: getattr(reference, name) for name in spec.builds_on}
    return Exam(points, questions, _hints(mistakes), supply, reveal=False)


def recorded_calls(spec: Spec, exam: Exam, reference: ModuleType) -> dict[str, list[tuple[Inputs, Any]]]:
    """Return the calls that the reference answer makes of the functions it builds on: their inputs and results.

    The properties of the spec ask it for more than the exam's questions do.
    """
    calls: dict[str, list[tuple[Inputs, Any]]] = {name: [] for name in spec.builds_on}
    function = getattr(reference, spec.name)
    spies = {name: _spy(SPECS[name], getattr(reference, name), calls[name]) for name in spec.builds_on}
    with replaced(function.__globals__, spies):
        for question in exam.questions:
            call(function, question.inputs)
        for property_ in spec.properties:
            inputs = dict(exam.questions[len(spec.worked)].inputs)
            property_.broken(lambda asked: outcome(spec, call(function, asked)), inputs)
    return calls


def _spy(spec: Spec, function: Callable[..., Any], calls: list[tuple[Inputs, Any]]) -> Callable[..., Any]:
    """Return ``function`` with its calls recorded in ``calls``, without the caches, which the exam does not need."""
    names = [parameter.name for parameter in parameters(function)]

    def without_caches(returned: Any) -> Any:
        if not isinstance(returned, tuple):
            return returned
        parts = zip(spec.returns, returned, strict=True)
        return tuple(part if isinstance(output, (Array, Value)) else None for output, part in parts)

    def spied(*args: Any, **kwargs: Any) -> Any:
        returned = function(*args, **kwargs)
        given = dict(zip(names, args, strict=False)) | kwargs
        calls.append((copy.deepcopy(given), without_caches(copy.deepcopy(returned))))
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
    inputs = spec.draw(case, rng, sizes)

    def outcome_of(function: Callable[..., Any]) -> Outcome:
        return summary(spec, case, inputs, _exact_outcome(spec, function, inputs))

    expected = outcome_of(getattr(reference, spec.name))
    functions = {m.name: m.function for m in mistakes}
    by_hand = case.worked and alike(spec.draw(case, np.random.default_rng(0), sizes), inputs)
    return Question(case, sizes, inputs, expected, _Different(spec, functions, outcome_of, expected), by_hand)


class _Different(Mapping[str, Outcome]):
    """The outcomes of the known mistakes that are not ``expected``, each computed when it is first looked up.

    For a right answer none is; for a wrong one, the first question mostly rules out all mistakes but one.
    """

    def __init__(
        self,
        spec: Spec,
        functions: Mapping[str, Callable[..., Any]],
        outcome_of: Callable[[Callable[..., Any]], Outcome],
        expected: Outcome,
    ) -> None:
        self._spec = spec
        self._functions = functions
        self._outcome_of = outcome_of
        self._expected = expected
        self._known: dict[str, Outcome] = {}

    def __getitem__(self, name: str) -> Outcome:
        if name not in self._known:
            self._known[name] = self._outcome_of(self._functions[name])
        if same_outcome(self._spec, self._known[name], self._expected):
            raise KeyError(name)
        return self._known[name]

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._functions if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)


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
    return replace(seen, value=tuple(_with_type(a, b) for a, b in zip(exact.value, seen.value, strict=True)))


def _with_type(exact: Any, seen: Any) -> Any:
    if isinstance(seen, tuple):
        return tuple(map(_with_type, exact, seen))
    if isinstance(seen, float) and isinstance(exact, float):
        return exact
    if not isinstance(seen, (np.ndarray, np.generic)):
        return seen
    return np.asarray(exact).astype(seen.dtype)


@contextmanager
def _quietly() -> Iterator[None]:
    """Known mistakes overflow and divide by zero; that is what they are kept for."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _again(case: Case) -> Case:
    return replace(case, title=f"{case.title}, once more")


def _hints(mistakes: Sequence[Mistake]) -> dict[str, str]:
    return {m.name: m.hint for m in mistakes}


def _number_of(name: str) -> int:
    return int.from_bytes(name.encode(), "big") % 2**32
