"""The judge: asks a submission's functions for results and compares them with the reference, in its own process."""

from __future__ import annotations

import platform
import re
import time
import traceback
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from types import ModuleType
from typing import cast

from nbformat import NotebookNode

import solutions
from autograder.errors import SandboxError, Stopped
from autograder.judging.exam_builder import fresh_exam
from autograder.judging.remote_function import RemoteFunction
from autograder.notebook.rebuild import Rebuilt, defining_cells, misspelt, rebuild_for_execution
from autograder.notebook.released import released
from autograder.results import Status, Verdict
from autograder.sandbox.launch import Launch, Sandbox, Trusted
from autograder.sandbox.limits import LIMITS, Limits
from autograder.sandbox.messages import Fault
from autograder.sandbox.remaining_budget import Budget
from autograder.sandbox.session import Session
from autograder.sandbox.warm import Warm
from rnnlab.checking.exam import Exam
from rnnlab.checking.marking import Marks, Row, mark
from rnnlab.checks import LocalFunction
from rnnlab.specs import SPECS
from solutions.mistakes import Mistake, mistakes
from solutions.text import Cell

TRIES = 2
UNDEFINED = ("missing", "not_run", "unwritten")
NOT_DEFINED = re.compile(r"name '(\w+)' is not defined")
OWN_PYTHON = "The grader has Python {}.{}.".format(*platform.python_version_tuple())
LOST = "The sandbox failed {tries} times while this submission was at work in it ({reason})."
UNMARKED = "The grader could not judge the results ({kind}); the answers of others can be judged. Ask your instructor."
INTERNAL_ERROR = "The grader itself failed ({reason}); this says nothing about the answer. Grade the submission again."


def judge(
    unit: str,
    nb: NotebookNode,
    *,
    seed: int,
    trusted: bool = False,
    warm: Warm | None = None,
    limits: Limits = LIMITS,
    files: Mapping[str, bytes] | None = None,
) -> tuple[NotebookNode, list[Verdict]]:
    """Return the executed notebook and a verdict for each exercise of ``unit``, in the order of the text.

    ``nb`` is a submission as it was handed in; it is rebuilt first. ``files`` were handed in beside it.
    It runs in a fork of ``warm``, or else in a sandbox of its own, or without one if it is ``trusted``.
    A fault of the sandbox is tried again, with what is left of the submission's time. Then every verdict has the status
    "internal_error", or "died" if it came each time after the submission's code had run. Raises what the grader's own
    code raises without any submission.
    """
    rebuilt, budget = rebuild_for_execution(nb, unit), Budget(limits)
    faults: list[SandboxError] = []
    for _ in range(TRIES):
        try:
            launch = Trusted if trusted else warm or Sandbox
            return _judge_once(unit, rebuilt, seed, launch, limits, budget, files or {})
        except SandboxError as error:
            faults.append(error)
    if all(fault.used for fault in faults):
        return rebuilt.nb, _alike(unit, seed, "died", LOST.format(tries=TRIES, reason=faults[-1]))
    return rebuilt.nb, _alike(unit, seed, "internal_error", INTERNAL_ERROR.format(reason=faults[-1]))


def _judge_once(
    unit: str,
    rebuilt: Rebuilt,
    seed: int,
    launch: Launch,
    limits: Limits,
    budget: Budget,
    files: Mapping[str, bytes],
) -> tuple[NotebookNode, list[Verdict]]:
    """Judge every answer as it stands where its check stands; where it is not defined there, as it stands at the end.

    A cell that is below the check can then neither harm the answer nor help it.
    """
    functions = {str(cell.exercise): getattr(_reference(unit), str(cell.exercise)) for cell in _exercises(unit)}
    checks = {f"{cell.exercise}-check": cell for cell in _exercises(unit)}
    places = [cell.id for cell in rebuilt.nb.cells if cell.id in checks]
    verdicts: dict[str, Verdict] = {}
    with Session(
        rebuilt.nb,
        until=places[0],
        skip=rebuilt.skip,
        first=rebuilt.first,
        files=files,
        functions=functions,
        launch=launch,
        limits=limits,
        budget=budget,
    ) as session:
        for place in places:
            session.run(until=place)
            verdicts[place] = _verdict(unit, checks[place], session, seed)
        session.run()
        for place, cell in checks.items():
            before = verdicts[place]
            if _lacks_a_name(before) or (before.marks is None and before.exercise in session.left_out):
                verdicts[place] = _better(before, _verdict(unit, cell, session, seed))
        return session.nb, [verdicts[place] for place in checks]


def _lacks_a_name(verdict: Verdict) -> bool:
    """Return whether the function, or something that it uses, may be defined only in a cell that stands below."""
    if verdict.status in UNDEFINED:
        return True
    return verdict.status == "error" and _unknown_name(verdict) is not None


def _unknown_name(verdict: Verdict) -> str | None:
    """Return the name that the function used and that was not defined, if that is why it failed."""
    raised = verdict.marks.raised if verdict.marks else None
    found = NOT_DEFINED.match(raised.message) if raised and raised.kind == "NameError" else None
    return found[1] if found else None


def _better(before: Verdict, after: Verdict) -> Verdict:
    """Return the verdict with more points, or else the one on a function that was written."""
    undefined = before.status in UNDEFINED or before.marks is None
    found = undefined and after.marks is not None and after.status != "missing"
    best = after if after.points > before.points or found else before
    return replace(best, seconds=round(before.seconds + after.seconds, 3))


def _verdict(unit: str, cell: Cell, session: Session, seed: int) -> Verdict:
    exercise, points = str(cell.exercise), int(cell.points or 0)
    start = time.perf_counter()
    remote = RemoteFunction(session, SPECS[exercise])
    exam = _exam(unit, exercise, points, seed)
    try:
        marks = mark(SPECS[exercise], exam, remote)
    except Stopped as stopped:
        # Not even the parameters could be read.
        return _stopped(exercise, points, stopped, _since(start), seed)
    except SandboxError:
        raise
    except Exception as error:
        # With the reference in its place the same fails if it is not the submission's doing.
        mark(SPECS[exercise], exam, LocalFunction(getattr(_reference(unit), exercise)))
        message = UNMARKED.format(kind=type(error).__name__)
        return Verdict(exercise, 0, points, "error", message, None, _since(start), seed, fault=traceback.format_exc())
    if marks.status == "missing":
        if why := _not_run(exercise, session):
            return _stopped(exercise, points, why, _since(start), seed)
        marks = _with_nearest_name(unit, marks, session.nb)
    verdict = Verdict(
        exercise,
        marks.points,
        marks.max_points,
        _status(marks, remote),
        marks.message,
        marks.mistake,
        _since(start),
        seed,
        marks,
    )
    return _with_faults(verdict, marks, session)


def _not_run(name: str, session: Session) -> Stopped | None:
    """Return why the cell that should define ``name`` did not do so; None if it ran, or if there is none."""
    for cell in reversed(defining_cells(name, session.nb)):
        if cell.id in session.left_out:
            left_out = session.left_out[cell.id]
            return Stopped(left_out.status, f"Its cell {left_out.message}.")
        if faults := session.faults.get(cell.id):
            return Stopped("not_run", f"The cell of {name} did not run: {_in_words(faults)}. {OWN_PYTHON}")
    return None


def _in_words(faults: tuple[Fault, ...]) -> str:
    """Return the exceptions of a cell with their lines, in the order in which they came."""
    sentences = [
        f"{fault.kind}{f', line {fault.line}' if fault.line > 0 else ''}{f': {fault.message}' if fault.message else ''}"
        for fault in faults
    ]
    return "; then ".join(words.rstrip(".") for words in sentences)


def _with_nearest_name(unit: str, marks: Marks, nb: NotebookNode) -> Marks:
    """Return the marks of a function that is not there, with the name that may be a misspelling of its own."""
    near = misspelt(marks.exercise, nb, released(unit))
    if near is None:
        return marks
    (row,) = marks.rows
    return replace(marks, rows=(replace(row, help=f"There is {near}: did you mean {marks.exercise}?"),))


def _with_faults(verdict: Verdict, marks: Marks, session: Session) -> Verdict:
    """Return the verdict with a remark on what the answer's cell went on without, or on why a name is not defined."""
    faults = session.faults.get(verdict.exercise, ())
    remarks = [
        f"The cell was run without an import: {_in_words((fault,))}; the grader does not have that module."
        for fault in faults
        if fault.kind == "ModuleNotFoundError"
    ]
    name = _unknown_name(verdict) if verdict.status == "error" else None
    if name is not None and (why := _not_run(name, session)):
        remarks.append(why.message)
    if not remarks:
        return verdict
    marks = replace(marks, rows=(*marks.rows, *(Row("its cell", "remark", help=remark) for remark in remarks)))
    return replace(verdict, marks=marks, message=f"{verdict.message} {' '.join(remarks)}")


def _status(marks: Marks, remote: RemoteFunction) -> Status:
    if marks.status == "error" and remote.limits:
        return next(iter(remote.limits))[1]
    if marks.status == "error" and remote.stopped:
        return cast(Status, next(iter(remote.stopped.values())).status)
    return marks.status


def _stopped(exercise: str, points: int, stopped: Stopped, seconds: float, seed: int) -> Verdict:
    return Verdict(exercise, 0, points, cast(Status, stopped.status), stopped.message, None, seconds, seed)


def _exam(unit: str, exercise: str, points: int, seed: int) -> Exam:
    known = [m for m in _mistakes(unit) if m.exercise == exercise]
    return fresh_exam(SPECS[exercise], points, _reference(unit), known, seed)


def _alike(unit: str, seed: int, status: Status, message: str) -> list[Verdict]:
    """Return the same verdict of no points for every exercise."""
    return [
        Verdict(str(cell.exercise), 0, int(cell.points or 0), status, message, None, 0.0, seed)
        for cell in _exercises(unit)
    ]


def _since(start: float) -> float:
    return round(time.perf_counter() - start, 3)


@cache
def _reference(unit: str) -> ModuleType:
    return solutions.reference(unit)


@cache
def _mistakes(unit: str) -> tuple[Mistake, ...]:
    return tuple(mistakes(unit))


@cache
def _exercises(unit: str) -> tuple[Cell, ...]:
    return solutions.unit(unit).exercises
