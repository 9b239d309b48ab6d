"""Which known mistakes explain what a function did.

An answer that equals a known mistake in every question is that mistake. Most real answers carry something else as well:
buffers in float64, a bias gradient of shape (1, H), a cache in an order of their own, a failure at N = 1. So where no
mistake equals the answer, numbers alone are compared, and edge questions only decide between mistakes that are alike in
the ordinary ones. What is off in the ordinary questions must be explained completely, by one mistake or by two that
spoil different results: a hint that fits half of what is seen may be about something else.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

from rnnlab.checking.calling import Raised
from rnnlab.checking.exam import Exam, Outcome, Question, parts_off, same_outcome, summary
from rnnlab.checking.spec import Spec

Off = frozenset[tuple[int, int]]  # what is off: pairs of a question's number and an output's position
Asked = Sequence[tuple[int, Question, Outcome]]  # a question, with its number and what the function did


def recognise(spec: Spec, exam: Exam, outcomes: Sequence[Outcome]) -> tuple[str, ...]:
    """Return the names of the known mistakes that explain ``outcomes``, none if nothing does.

    ``outcomes`` holds what the function did in each question of ``exam``; it may be empty.
    """
    if not outcomes or all(isinstance(outcome, Raised) for outcome in outcomes):
        return ()
    asked = [
        (at, question, summary(spec, question.case, question.inputs, outcome))
        for at, (question, outcome) in enumerate(zip(exam.questions, outcomes, strict=True))
    ]
    for name in exam.hints:
        if all(same_outcome(spec, seen, _known(question, name)) for _, question, seen in asked):
            return (name,)
    return _by_numbers(spec, sorted(exam.hints), asked)


def _by_numbers(spec: Spec, names: Iterable[str], asked: Asked) -> tuple[str, ...]:
    ordinary = [item for item in asked if not item[1].case.edge]
    edges = [item for item in asked if item[1].case.edge]
    wrong = frozenset((at, part) for at, q, seen in ordinary for part in parts_off(spec, seen, q.expected))
    found = {name: off for name in names if (off := _spoiled(spec, name, ordinary)) is not None}
    if not wrong:
        found = {name: off for name in found if (off := _spoiled(spec, name, edges))}
        return (max(found, key=lambda name: len(found[name])),) if found else ()
    alone = [name for name, off in found.items() if off == wrong]
    if alone:
        return (max(alone, key=lambda name: _agreement(spec, name, asked)),)
    in_order_of_results = sorted((name for name, off in found.items() if off), key=lambda name: min(found[name]))
    pairs = combinations(in_order_of_results, 2)
    return next(((a, b) for a, b in pairs if found[a] | found[b] == wrong and not found[a] & found[b]), ())


def _known(question: Question, name: str) -> Outcome:
    return question.mistakes.get(name, question.expected)


def _spoiled(spec: Spec, name: str, asked: Asked) -> Off | None:
    """Return what the mistake spoils; None if the answer has other numbers in any of these places.

    An exception and a failed examination have many causes, so they alone are no evidence: None as well.
    """
    spoiled: set[tuple[int, int]] = set()
    evidence = False
    for at, question, seen in asked:
        if (known := question.mistakes.get(name)) is None:
            continue  # here the mistake gives what is right
        off = parts_off(spec, known, question.expected)
        if off & parts_off(spec, seen, known):
            return None
        spoiled |= {(at, part) for part in off}
        evidence |= bool(off) and not isinstance(known, Raised) and question.case.examine is None
    return frozenset(spoiled) if evidence or not spoiled else None


def _agreement(spec: Spec, name: str, asked: Asked) -> tuple[int, int]:
    """Return in how many questions the answer has the mistake's numbers, and in how many also its shapes and dtypes."""
    known = [(seen, _known(question, name)) for _, question, seen in asked]
    return (
        sum(not parts_off(spec, seen, outcome) for seen, outcome in known),
        sum(same_outcome(spec, seen, outcome) for seen, outcome in known),
    )
