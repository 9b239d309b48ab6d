"""The wrong answers that people really give, in each unit's mistakes.py; the docstring of each is the hint for it."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

Function = TypeVar("Function", bound=Callable[..., Any])


@dataclass(frozen=True)
class Mistake:
    """A known wrong answer to an exercise: its name, the hint for those who make it, and the answer itself."""

    name: str
    exercise: str
    hint: str
    function: Callable[..., Any]

    def as_answer(self) -> str:
        """Return the source as a student would have handed it in: under the exercise's name, with what it calls."""
        own = _source(self.function).replace(f"def {self.function.__name__}(", f"def {self.exercise}(", 1)
        return "\n\n\n".join([*_helpers(self.function), own])


def mistake(exercise: str) -> Callable[[Function], Function]:
    """Mark a function as a known wrong answer to ``exercise``."""

    def mark(function: Function) -> Function:
        function.__exercise__ = exercise  # type: ignore[attr-defined]
        return function

    return mark


def mistakes(unit: str) -> list[Mistake]:
    """Return the known mistakes of ``unit`` ("u01_rnn_cell") in the order in which they are written.

    A unit without that file has none.
    """
    if not (Path(__file__).parent / unit / "mistakes.py").exists():
        return []
    module = importlib.import_module(f"solutions.{unit}.mistakes")
    return [
        Mistake(name.replace("_", "-"), function.__exercise__, inspect.cleandoc(function.__doc__), function)
        for name, function in vars(module).items()
        if hasattr(function, "__exercise__")
    ]


def _helpers(function: Callable[..., Any]) -> list[str]:
    """Return the sources of the module's own names that ``function`` uses, those first that the others need."""
    found: dict[str, None] = {}
    for name in function.__code__.co_names:
        value = function.__globals__.get(name)
        if inspect.isfunction(value):
            found |= dict.fromkeys([*_helpers(value), _source(value)])
        elif isinstance(value, (dict, tuple, str)):
            found[f"{name} = {value!r}"] = None
    return list(found)


def _source(function: Callable[..., Any]) -> str:
    lines = inspect.getsource(function).splitlines()
    return "\n".join(line for line in lines if not line.startswith("@"))
