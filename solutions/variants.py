"""Answers to exercises that are not the text's: functions in a unit's folder, each marked with its exercise."""

from __future__ import annotations

import dis
import importlib
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Variant:
    """Another answer to an exercise: its name, and the function."""

    name: str
    exercise: str
    function: Callable[..., Any]

    def as_answer(self) -> str:
        """Return the source as a student would have handed it in: under the exercise's name, with what it calls."""
        own = _source(self.function).replace(f"def {self.function.__name__}(", f"def {self.exercise}(", 1)
        return "\n\n\n".join([*_helpers(self.function), own])


def answers(exercise: str) -> Callable[[Function], Function]:
    """Mark a function as an answer to ``exercise``."""

    def mark(function: Function) -> Function:
        function.__exercise__ = exercise  # type: ignore[attr-defined]
        return function

    return mark


def variants(unit: str, module: str) -> Iterator[Variant]:
    """Yield the marked functions of ``module`` ("mistakes") of ``unit`` ("u01_rnn_cell") in the order of the file.

    A unit without that file has none.
    """
    if not (Path(__file__).parent / unit / f"{module}.py").exists():
        return
    for name, function in vars(importlib.import_module(f"solutions.{unit}.{module}")).items():
        if hasattr(function, "__exercise__"):
            yield Variant(name.replace("_", "-"), function.__exercise__, function)


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
