"""Marking one function against an exam, in teaching order; the same for the student's check and for the judge."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal, Protocol

from rnnlab.calling import Parameter, Raised, Returned
from rnnlab.compare import Difference, is_rougher
from rnnlab.differences import kinds_difference, outcome_difference, raised_difference, signature_difference
from rnnlab.exam import MISFIT, Exam, Outcome, Question, outcome, unusable
from rnnlab.recognition import recognise
from rnnlab.specs.spec import Array, Ask, Inputs, Property, Spec

Supply = Mapping[str, Callable[..., Any]]
Status = Literal["pass", "fail", "error", "unwritten", "missing"]

MENDED = "Your own {names} is not right yet; a right one was put in its place here, so that no points are lost twice."
TWO_AT_ONCE = "There are two mistakes, in different results. The first: {} The second: {}"


class Candidate(Protocol):
    """A student's function, wherever it lives."""

    def parameters(self) -> tuple[Parameter, ...] | None:
        """Return the function's parameters, None if there is no such function."""

    def call(self, inputs: Mapping[str, Any], supply: Supply) -> Returned | Raised:
        """Return the outcome of one call on copies of ``inputs``, with ``supply`` in place of other functions."""


@dataclass(frozen=True)
class Row:
    """The result of one check, as it stands in the table."""

    title: str
    result: Literal["passed", "failed", "not run", "remark"]
    seen: str = ""
    expected: str = ""
    help: str = ""


@dataclass(frozen=True)
class Marks:
    """What a function earned, and why: a row for each check, and the known mistake that explains what is off.

    Where two mistakes together explain it, ``mistake`` is the first of them and ``hint`` has the words for both.
    """

    exercise: str
    points: int
    max_points: int
    status: Status
    rows: tuple[Row, ...]
    mistake: str | None = None
    hint: str = ""

    @property
    def message(self) -> str:
        """One sentence or two: the first check that failed, or that all passed; then the hint or the remark."""
        failed = [row for row in self.rows if row.result == "failed"]
        said = _told(failed[0]) if failed else f"All {len(self.rows)} checks passed."
        remarks = [row.help for row in self.rows if row.result == "remark"]
        return " ".join([said, *([self.hint] if self.hint else remarks)])


def mark(spec: Spec, exam: Exam, candidate: Candidate) -> Marks:
    """Return the marks of ``candidate``.

    Where it is not right and builds on other exercises, it is marked again with right functions in their place, and
    the better result counts; of two equally good ones, that in which a known mistake is recognised.
    """
    own = _mark(spec, exam, candidate, {})
    if own.points == exam.points or not exam.supply or own.status in ("missing", "unwritten"):
        return own
    helped = _mark(spec, exam, candidate, exam.supply)
    recognised = helped.mistake is not None and own.mistake is None
    if helped.points < own.points or (helped.points == own.points and not recognised):
        return own
    remark = Row("builds on", "remark", help=MENDED.format(names=" and ".join(exam.supply)))
    return replace(helped, rows=(*helped.rows, remark))


def _mark(spec: Spec, exam: Exam, candidate: Candidate, supply: Supply) -> Marks:
    found = candidate.parameters()
    if found is None:
        nothing = Row("defined", "failed", f"no function named {spec.name}", "a function of that name")
        return Marks(spec.name, 0, exam.points, "missing", (nothing,))
    misfit = signature_difference(spec, found)
    outcomes: list[Outcome] = []
    if misfit is None:
        outcomes = [outcome(spec, candidate.call(q.inputs, supply)) for q in exam.questions]
    if any(isinstance(o, Raised) and o.kind == "NotImplementedError" for o in outcomes):
        todo = Row("written", "failed", "NotImplementedError", "an answer", "Write the function, then run this again.")
        return Marks(spec.name, 0, exam.points, "unwritten", (todo,))
    checks = _checks(spec, exam, outcomes, lambda inputs: outcome(spec, candidate.call(inputs, supply)), misfit)
    with warnings.catch_warnings():
        # Comparing results that overflow is no news: what is wrong with them stands in the rows.
        warnings.simplefilter("ignore")
        rows, cost, status = _run(checks, exam.points)
        mistakes = recognise(spec, exam, outcomes) if cost else ()
    return Marks(
        spec.name,
        max(0, exam.points - cost),
        exam.points,
        status,
        (*rows, *_remarks(outcomes, exam.questions)),
        mistakes[0] if mistakes else None,
        _hint([exam.hints[name] for name in mistakes]),
    )


@dataclass(frozen=True)
class _Check:
    title: str
    edge: bool
    run: Callable[[], Difference | None]


def _checks(
    spec: Spec,
    exam: Exam,
    outcomes: list[Outcome],
    ask: Ask,
    misfit: Difference | None,
) -> list[_Check]:
    answered = list(zip(exam.questions, outcomes, strict=False))
    pending = [_Check("can be called as written", False, lambda: misfit)]
    if misfit is not None:
        return pending + [_Check(q.case.title, False, lambda: None) for q in exam.questions]
    first_ordinary = exam.questions[len(spec.worked)]
    if any(isinstance(output, Array) for output in spec.returns):
        kinds = partial(kinds_difference, spec, first_ordinary, outcomes[len(spec.worked)])
        pending.append(_Check("shapes and types", False, kinds))
    cases = [
        _Check(q.case.title, q.case.edge, partial(outcome_difference, spec, q, seen, exam.reveal))
        for q, seen in answered
    ]
    properties = [
        _Check(p.title, p.edge, partial(_property, spec, p, ask, first_ordinary.inputs)) for p in spec.properties
    ]
    return pending + cases[: len(spec.worked)] + properties + cases[len(spec.worked) :]


def _run(checks: list[_Check], points: int) -> tuple[list[Row], int, Status]:
    """Return the rows, the points lost, and the status, which the first failed check decides.

    After a check that costs everything, the rest is not run.
    """
    rows: list[Row] = []
    cost = 0
    status: Status = "pass"
    for check in checks:
        if cost >= points:
            rows.append(Row(check.title, "not run"))
        elif (found := check.run()) is None:
            rows.append(Row(check.title, "passed"))
        else:
            rows.append(Row(check.title, "failed", found.seen, found.expected, found.help))
            cost += 1 if check.edge else points
            if status == "pass":
                status = "error" if found.raised else "fail"
    return rows, cost, status


def _property(spec: Spec, property_: Property, ask: Ask, inputs: Inputs) -> Difference | None:
    refused: list[Difference] = []

    def watched(asked: Inputs) -> Outcome:
        seen = ask(asked)
        if found := raised_difference(seen) if isinstance(seen, Raised) else unusable(spec, seen):
            refused.append(found)
        return seen

    try:
        broken = property_.broken(watched, dict(inputs))
    except MISFIT:
        # What the function returns for other inputs may be nothing that can be compared.
        broken = Difference("results that cannot be compared with each other", "arrays of the right shapes")
    return refused[0] if refused else broken


def _hint(hints: list[str]) -> str:
    return "".join(hints) if len(hints) < 2 else TWO_AT_ONCE.format(*hints)


def _remarks(outcomes: list[Outcome], questions: tuple[Question, ...]) -> list[Row]:
    answered = [(seen, q) for seen, q in zip(outcomes, questions, strict=False) if isinstance(seen, Returned)]
    changed = sorted({name for seen, _ in answered for name in seen.changed})
    rows = []
    if outcomes and changed:
        names = " and ".join(changed)
        text = (
            f"Your function changes {names} in place. It costs nothing here, but the caller's array is different "
            "afterwards: whoever uses it again computes with other numbers."
        )
        rows.append(Row("inputs left unchanged", "remark", help=text))
    elif answered:
        rows.append(Row("inputs left unchanged", "passed"))
    if warned := next((seen.warned for seen, _ in answered if seen.warned), ""):
        rows.append(Row("warnings", "remark", help=f"NumPy warns: {warned}. Find out on which numbers it happens."))
    if rough := next((dtype for seen, q in answered for dtype in _rougher(seen, q.expected)), ""):
        rows.append(Row("precision", "remark", help=f"float64 inputs came back as {rough}; digits are lost."))
    return rows


def _rougher(seen: Returned, expected: Outcome) -> list[str]:
    """Return the dtypes of the returned arrays that have fewer digits than expected."""
    if isinstance(expected, Raised) or len(seen.value) != len(expected.value):
        return []
    pairs = zip(seen.value, expected.value, strict=True)
    return [str(value.dtype) for value, wanted in pairs if hasattr(value, "dtype") and is_rougher(value, wanted)]


def _told(row: Row) -> str:
    said = f"{row.title}: seen {row.seen}; expected {row.expected}."
    return f"{said} {row.help}" if row.help else said
