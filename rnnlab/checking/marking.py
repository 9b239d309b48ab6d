"""Marking one function against an exam, in teaching order; the same for the student's check and for the judge."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Any, Literal, Protocol

from rnnlab.checking.calling import Parameter, Raised, Returned
from rnnlab.checking.compare import Difference, is_rougher
from rnnlab.checking.differences import kinds_difference, outcome_difference, raised_difference, signature_difference
from rnnlab.checking.exam import MISFIT, Exam, Outcome, Question, outcome, unusable
from rnnlab.checking.recognition import recognise
from rnnlab.checking.spec import Array, Ask, Case, Inputs, Property, Spec

Supply = Mapping[str, Callable[..., Any]]
Status = Literal["pass", "fail", "error", "unwritten", "missing"]

# What a check is about, on which depends what it costs: see _run.
Concern = Literal["form", "example", "idea", "edge", "remark"]

BUILDS_ON = "builds on"
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
    """The result of one check, as it stands in the table.

    Where ``expected`` is empty, ``seen`` is a clause that says what was seen and that it should be otherwise.
    """

    title: str
    result: Literal["passed", "failed", "not run", "remark"]
    seen: str = ""
    expected: str = ""
    help: str = ""

    @property
    def lines(self) -> list[str]:
        """What the table says beside the result, line by line."""
        if self.expected:
            said = [f"seen: {self.seen}", f"expected: {self.expected}"]
        else:
            said = [self.seen] if self.seen else []
        return [*said, *([self.help] if self.help else [])]


@dataclass(frozen=True)
class Marks:
    """What a function earned, and why: a row for each check, and the known mistake that explains what is off.

    Where two mistakes together explain it, ``mistake`` is the first of them and ``hint`` has the words for both.
    ``raised`` is the exception that the first failed check ended with, if the status is "error".
    """

    exercise: str
    points: int
    max_points: int
    status: Status
    rows: tuple[Row, ...]
    mistake: str | None = None
    hint: str = ""
    raised: Raised | None = None

    @property
    def message(self) -> str:
        """One sentence or two: the first check that failed, or that all passed; then the hint or the remark."""
        failed = [row for row in self.rows if row.result == "failed"]
        remarks = [row for row in self.rows if row.result == "remark"]
        said = _told(failed[0]) if failed else f"All {len(self.rows) - len(remarks)} checks passed."
        if not self.hint:
            return " ".join([said, *map(_told, remarks)])
        # What was judged must be said even where a hint makes the other remarks idle.
        return " ".join([said, *(row.help for row in remarks if row.title == BUILDS_ON), self.hint])


def mark(spec: Spec, exam: Exam, candidate: Candidate) -> Marks:
    """Return the marks of ``candidate``.

    Where it is not right and builds on other exercises, it is marked again with right functions in their place, and
    the better result counts; of two equally good ones, that in which it runs, then that in which a known mistake is
    recognised. So an exercise is unwritten only if it is that with the help of the others.
    """
    own = _mark(spec, exam, candidate, {})
    if own.points == exam.points or not exam.supply or own.status == "missing":
        return own
    helped = _mark(spec, exam, candidate, exam.supply)
    recognised = helped.mistake is not None and own.mistake is None
    runs = helped.status == "fail" and own.status in ("unwritten", "error")
    if helped.points < own.points or (helped.points == own.points and not (recognised or runs)):
        return own
    remark = Row(BUILDS_ON, "remark", help=MENDED.format(names=" and ".join(exam.supply)))
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
    if outcomes and all(isinstance(o, Raised) and o.kind == "NotImplementedError" for o in outcomes):
        todo = Row("written", "failed", "NotImplementedError", "an answer", "Write the function, then run this again.")
        return Marks(spec.name, 0, exam.points, "unwritten", (todo,))
    checks = _checks(spec, exam, outcomes, lambda inputs: outcome(spec, candidate.call(inputs, supply)), misfit)
    run = _run_list if spec.proportional and misfit is None else _run
    with warnings.catch_warnings():
        # Comparing results that overflow is no news: what is wrong with them stands in the rows.
        warnings.simplefilter("ignore")
        rows, cost = run(checks, exam.points)
        mistakes = recognise(spec, exam, outcomes) if cost else ()
        if mistakes:
            rows = [_without_guess(row, check, mistakes) for row, check in zip(rows, checks, strict=True)]
    failed = _first_failed(checks, rows)
    raised = failed.found.raised if failed and failed.found else None
    status: Status = "pass" if failed is None else "error" if raised else "fail"
    return Marks(
        spec.name,
        max(0, exam.points - cost),
        exam.points,
        status,
        (*rows, *_remarks(outcomes, exam.questions, {p.unchanged for p in spec.properties})),
        mistakes[0] if mistakes else None,
        _hint([exam.hints[name] for name in mistakes]),
        raised,
    )


@dataclass(frozen=True)
class _Check:
    title: str
    concerns: Concern
    run: Callable[[], Difference | None]
    question: Question | None = None  # what it asks, where it asks just one

    @cached_property
    def found(self) -> Difference | None:
        """What the check finds, None if all is well; it is run once."""
        return self.run()


def _checks(
    spec: Spec,
    exam: Exam,
    outcomes: list[Outcome],
    ask: Ask,
    misfit: Difference | None,
) -> list[_Check]:
    pending = [_Check("can be called as written", "form", lambda: misfit)]
    if misfit is not None:
        return pending + [_Check(q.case.title, "form", lambda: None) for q in exam.questions]
    worked = len(spec.worked)
    first_ordinary = exam.questions[worked]
    if any(isinstance(output, Array) for output in spec.returns):
        kinds = partial(kinds_difference, spec, first_ordinary, outcomes[worked])
        title = "runs without an error" if isinstance(outcomes[worked], Raised) else "shapes and types"
        pending.append(_Check(title, "form", kinds))
    cases = [
        _Check(q.case.title, _concern(q.case), partial(outcome_difference, spec, q, seen, exam.reveal), q)
        for q, seen in zip(exam.questions, outcomes, strict=True)
    ]
    properties = [
        _Check(p.title, "edge" if p.edge else "idea", partial(_property, spec, p, ask, first_ordinary.inputs))
        for p in spec.properties
    ]
    by_hand = [replace(check, concerns="example") for check in cases[:worked]]
    return pending + by_hand + properties + cases[worked:]


def _concern(case: Case) -> Concern:
    if case.remark:
        return "remark"
    return "edge" if case.edge else "idea"


def _run(checks: list[_Check], points: int) -> tuple[list[Row], int]:
    """Return the rows and the points lost; after a check that costs everything, the rest is not run.

    An edge costs one point, form and idea cost all. So does an example worked by hand, unless all that concerns the
    idea is right: then it is the example's sizes that the function cannot take, mostly a batch of one sequence, and
    that costs the one point of the edge.
    """
    rows: list[Row] = []
    lost = edges = 0
    for check in checks:
        row = _row(check) if lost < points else Row(check.title, "not run")
        rows.append(row)
        if row.result != "failed":
            continue
        if check.concerns == "edge":
            edges += 1
            lost = max(lost, edges)
        elif check.concerns == "example" and _is_right_in_idea(checks):
            lost = max(lost, 1)
        else:
            lost = points
    return rows, lost


def _run_list(checks: list[_Check], points: int) -> tuple[list[Row], int]:
    """Return the rows and the points lost where the cases are independent questions.

    The points earned are in proportion to the questions that are right, rounded down.
    """
    rows = [_row(check) for check in checks]
    answers = [row for check, row in zip(checks, rows, strict=True) if check.concerns != "form"]
    right = sum(row.result == "passed" for row in answers)
    return rows, points - points * right // len(answers)


def _is_right_in_idea(checks: list[_Check]) -> bool:
    # Questions have been asked already, properties ask again: those come last.
    return not any(check.found for check in reversed(checks) if check.concerns == "idea")


def _row(check: _Check) -> Row:
    if check.found is None:
        return Row(check.title, "passed")
    found = check.found
    if check.concerns == "remark":
        return Row(check.title, "remark", found.seen, found.expected, f"It costs nothing. {found.help}".strip())
    return Row(check.title, "failed", found.seen, found.expected, found.help)


def _without_guess(row: Row, check: _Check, mistakes: Sequence[str]) -> Row:
    """Return a failed row without a guess at the cause, if the ``mistakes``, which have been recognised, explain it."""
    if row.result != "failed" or check.found is None:
        return row
    explained = check.question is None or any(name in check.question.mistakes for name in mistakes)
    return replace(row, help=check.found.extent) if explained else row


def _first_failed(checks: list[_Check], rows: list[Row]) -> _Check | None:
    """Return the check that decides the status, None if none failed."""
    return next((check for check, row in zip(checks, rows, strict=True) if row.result == "failed"), None)


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


def _remarks(outcomes: list[Outcome], questions: tuple[Question, ...], checked_unchanged: Collection[str]) -> list[Row]:
    """Return the rows of what costs nothing; inputs whose change costs points have a check of their own."""
    answered = [(seen, q) for seen, q in zip(outcomes, questions, strict=False) if isinstance(seen, Returned)]
    changed = {name for seen, _ in answered for name in seen.changed}
    rows = []
    if remarkable := sorted(changed.difference(checked_unchanged)):
        names = " and ".join(remarkable)
        text = (
            f"Your function changes {names} in place. It costs nothing here, but the caller's array is different "
            "afterwards: whoever uses it again computes with other numbers."
        )
        rows.append(Row("inputs left unchanged", "remark", help=text))
    elif answered and not changed:
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
    if not row.seen:
        return row.help
    what = f"seen {row.seen}; expected {row.expected}" if row.expected else row.seen
    said = _sentence(f"{row.title}: {what}")
    return f"{said} {row.help}" if row.help else said


def _sentence(text: str) -> str:
    return text if text.endswith((".", "?", "!")) else f"{text}."
