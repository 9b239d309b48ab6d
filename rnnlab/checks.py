"""The check under each exercise: ``check(function)`` marks it against the public answers and shows a table."""

from __future__ import annotations

import difflib
import linecache
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from IPython.display import display

from rnnlab.checking import public_answers
from rnnlab.checking.calling import Parameter, Raised, Returned, call, parameters, replaced
from rnnlab.checking.marking import Marks, Row, Supply, mark
from rnnlab.specs import SPECS, UNITS
from rnnlab.syntax import GRADERS_PYTHON, newer_syntax
from rnnlab.table import table_of
from rnnlab.unsolved import is_lent

NEWER = (
    "The grader has Python {}.{} and cannot read this cell: {}. "
    "Write it in the older way, or the cell will not run there."
)

LENT = (
    "{} is not written yet: a function of the course stands in for it, which cannot be handed in. "
    "Write yours in the cell above and run that cell, then this one."
)


class CheckFailed(AssertionError):
    """A check did not pass; a notebook shows one line instead of a traceback."""

    def _render_traceback_(self) -> list[str]:
        # Called by IPython; the table above the message shows the rest.
        return [f"CheckFailed: {self}"]


class LocalFunction:
    """A student's function in this process."""

    def __init__(self, function: Callable[..., Any]) -> None:
        self.function = function

    def parameters(self) -> tuple[Parameter, ...]:
        """Return the function's parameters."""
        return parameters(self.function)

    def call(self, inputs: Mapping[str, Any], supply: Supply) -> Returned | Raised:
        """Return the outcome of one call on copies of ``inputs``, with ``supply`` in place of other functions."""
        with replaced(getattr(self.function, "__globals__", {}), supply):
            return call(self.function, inputs)


def marks(function: Callable[..., Any]) -> Marks:
    """Return the marks of ``function`` against the public answers of the exercise with its name.

    Raises TypeError if it is not a function, and LookupError if no exercise has that name.
    """
    if not callable(function) or not hasattr(function, "__name__"):
        raise TypeError(f"check expects a function, as in check(softmax); it was given a {type(function).__name__}.")
    name = function.__name__
    if name not in SPECS:
        raise LookupError(_unknown(name))
    unit = next(unit for unit, specs in UNITS.items() if SPECS[name] in specs)
    result = mark(SPECS[name], public_answers.load(name, unit), LocalFunction(function))
    newer = newer_syntax(_cell_of(function))
    if not newer:
        return result
    row = Row("syntax", "remark", help=NEWER.format(*GRADERS_PYTHON, newer))
    return replace(result, rows=(*result.rows, row))


def check(function: Callable[..., Any]) -> None:
    """Show the results of ``function`` in the checks of its exercise, the first failure first.

    Raises CheckFailed, with one line that says what failed, unless all checks pass.
    """
    if is_lent(function):
        raise CheckFailed(LENT.format(function.__name__))
    try:
        result = marks(function)
    except (TypeError, LookupError) as error:
        raise CheckFailed(str(error).strip('"')) from None
    display(table_of(result))
    if result.status != "pass":
        raise CheckFailed(_verdict(result))


def _cell_of(function: Callable[..., Any]) -> str:
    """Return the source of the cell in which ``function`` was defined, "" if it is not known."""
    code = getattr(function, "__code__", None)
    return "".join(linecache.getlines(code.co_filename)) if code else ""


def _unknown(name: str) -> str:
    near = difflib.get_close_matches(name, SPECS, n=1)
    meant = f" Did you mean {near[0]}?" if near else " Give your function the name that its exercise gives it."
    return f"no exercise is called {name}.{meant}"


def _verdict(result: Marks) -> str:
    if result.status == "unwritten":
        return f"{result.exercise} is not written yet."
    first = next(row for row in result.rows if row.result == "failed")
    return f"{result.exercise} does not pass yet: {first.title}."
