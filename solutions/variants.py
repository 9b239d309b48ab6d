"""Answers to exercises that are not the text's: functions in a unit's folder, each marked with its exercise."""

from __future__ import annotations

import dis
import importlib
import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, TypeVar

import solutions
from solutions.text import BEGIN, END, TextError

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Variant:
    """Another answer to an exercise: its name, and the function.

    ``source`` is its source where that is the text's answer with some of it replaced.
    """

    name: str
    exercise: str
    function: Callable[..., Any]
    source: str = field(default="", kw_only=True)

    def as_answer(self) -> str:
        """Return the source as a student would have handed it in: under the exercise's name, with what it calls."""
        if self.source:
            return self.source
        own = _source(self.function).replace(f"def {self.function.__name__}(", f"def {self.exercise}(", 1)
        return "\n\n\n".join([*_helpers(self.function), own])


def answers(exercise: str, instead: Mapping[str, str] | None = None) -> Callable[[Function], Function]:
    """Mark a function as an answer to ``exercise``.

    With ``instead`` the answer is that of the unit's text, in which each of its keys, which must occur just once, is
    replaced by its value; the function then has neither parameters nor a body.
    """

    def mark(function: Function) -> Function:
        function.__exercise__, function.__instead__ = exercise, instead  # type: ignore[attr-defined]
        return function

    return mark


def variants(unit: str, module: str) -> Iterator[Variant]:
    """Yield the marked functions of ``module`` ("mistakes") of ``unit`` ("u01_rnn_cell") in the order of the file.

    A unit without that file has none.
    """
    if not (Path(__file__).parent / unit / f"{module}.py").exists():
        return
    for name, function in vars(importlib.import_module(f"solutions.{unit}.{module}")).items():
        if not hasattr(function, "__exercise__"):
            continue
        title, exercise, source = name.replace("_", "-"), function.__exercise__, ""
        if function.__instead__:
            source = _replaced(unit, exercise, function.__instead__, f"{module}.{name}")
            doc, function = function.__doc__, _defined(unit, exercise, source)
            function.__doc__ = doc
        yield Variant(title, exercise, function, source=source)


def _replaced(unit: str, exercise: str, instead: Mapping[str, str], asked_by: str) -> str:
    """Return the source of the text's answer with the keys of ``instead`` replaced by their values.

    Raises TextError if one does not occur in the answer, or more than once.
    """
    text = solutions.unit(unit)
    cell = next(cell for cell in text.exercises if cell.exercise == exercise)
    head, answer = cell.source.split(f"    {BEGIN}\n")
    answer = answer.split(f"    {END}")[0]
    for old in instead:
        if (count := answer.count(old)) != 1:
            where = f"{unit}/{text.path.name}:{cell.line}"
            raise TextError(
                f"{where}: {asked_by} replaces {old!r}, which occurs {count} times in {exercise}, not once."
            )
    # All at once, so that no key is looked for in what has taken the place of another.
    pattern = "|".join(map(re.escape, instead))
    return head + re.sub(pattern, lambda found: instead[found[0]], answer)


def _defined(unit: str, exercise: str, source: str) -> Callable[..., Any]:
    """Return the function that ``source`` defines, which may use all that the unit's text defines."""
    names = dict(vars(_reference(unit)))
    exec(source, names)
    function: Callable[..., Any] = names[exercise]
    return function


@cache
def _reference(unit: str) -> ModuleType:
    return solutions.reference(unit)


def _helpers(function: Callable[..., Any]) -> list[str]:
    """Return the sources of the module's own names that ``function`` uses, those first that the others need."""
    found: dict[str, None] = {}
    # co_names would have attributes as well: a function called einsum would need itself for np.einsum.
    for name in (each.argval for each in dis.get_instructions(function) if each.opname == "LOAD_GLOBAL"):
        value = function.__globals__.get(name)
        if inspect.isfunction(value):
            found |= dict.fromkeys([*_helpers(value), _source(value)])
        elif isinstance(value, (dict, tuple, str)):
            found[f"{name} = {value!r}"] = None
    return list(found)


def _source(function: Callable[..., Any]) -> str:
    lines = inspect.getsource(function).splitlines()
    return "\n".join(line for line in lines if not line.startswith("@"))
