"""Calling a student's function: fresh copies of the inputs, and a record of what happened."""

from __future__ import annotations

import copy
import inspect
import re
import traceback
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from rnnlab.checking import functions

MAX_TEXT_LENGTH = 300
# What Jupyter and IPython call the source of a cell.
CELL = re.compile(r"ipykernel_|^<ipython-input-")


@dataclass(frozen=True)
class Returned:
    """The function came back with ``value``; ``changed`` names the inputs that it changed in place.

    ``warned`` is NumPy's first RuntimeWarning, such as "overflow encountered in exp", empty if there was none.
    """

    value: Any
    changed: tuple[str, ...] = ()
    warned: str = ""


@dataclass(frozen=True)
class Raised:
    """The function raised: the exception's class name, the first line of its message, and the line that did it.

    ``line`` is the source line of the student's own function in which it happened, empty where it is not known.
    """

    kind: str
    message: str = ""
    line: str = ""


@dataclass(frozen=True)
class Opaque:
    """Stands for an object that is looked at from outside only, such as a cache: its type's name and length."""

    kind: str
    length: int | None = None

    @classmethod
    def of(cls, value: Any) -> Opaque:
        """Return what can be said of ``value``: its type's name, and its length if it has one."""
        try:
            length = len(value)
        except Exception:
            length = None
        return cls(type(value).__name__, length)


@dataclass(frozen=True)
class InputRecipe:
    """An input that is made where the function lives, because it cannot cross to there.

    A "generator" is NumPy's default random generator with the seed ``what``; a "function" is the one of that name in
    `rnnlab.checking.functions`.
    """

    kind: Literal["generator", "function"]
    what: int | str

    def make(self) -> Any:
        """Return the generator or the function."""
        return np.random.default_rng(int(self.what)) if self.kind == "generator" else getattr(functions, str(self.what))


@dataclass(frozen=True)
class Parameter:
    """A parameter of a function; it is ``required`` if it has no default."""

    name: str
    required: bool


def parameters(function: Callable[..., Any]) -> tuple[Parameter, ...]:
    """Return the named parameters of ``function`` in their order; ``*args`` and ``**kwargs`` are left out.

    Raises TypeError if ``function`` cannot be called.
    """
    if not callable(function):
        raise TypeError(f"expected a function, got {type(function).__name__}")
    named = (inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY)
    return tuple(
        Parameter(p.name, p.default is inspect.Parameter.empty)
        for p in inspect.signature(function).parameters.values()
        if p.kind in named
    )


def call(function: Callable[..., Any], inputs: Mapping[str, Any]) -> Returned | Raised:
    """Return what ``function(**inputs)`` gives or raises; it works on copies, so ``inputs`` stay as they are.

    Warnings are recorded, not shown.
    KeyboardInterrupt is not caught: whoever interrupts wants to stop.
    """
    given = {
        name: value.make() if isinstance(value, InputRecipe) else copy.deepcopy(value) for name, value in inputs.items()
    }
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", RuntimeWarning)
        try:
            value = function(**given)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return Raised(type(error).__name__, _first_line(error), _guilty_line(error, function))
    changed = tuple(name for name in inputs if not _same(given[name], inputs[name]))
    return Returned(value, changed, _numpys(caught))


@contextmanager
def replaced(namespace: dict[str, Any], stand_ins: Mapping[str, Callable[..., Any]]) -> Iterator[None]:
    """Let names of ``namespace`` stand for ``stand_ins``; afterwards all is as it was."""
    before = {name: namespace[name] for name in stand_ins if name in namespace}
    namespace.update(stand_ins)
    try:
        yield
    finally:
        for name in stand_ins:
            namespace.pop(name, None)
        namespace.update(before)


def _numpys(caught: list[warnings.WarningMessage]) -> str:
    messages = [str(w.message)[:MAX_TEXT_LENGTH] for w in caught if issubclass(w.category, RuntimeWarning)]
    return messages[0] if messages else ""


def _first_line(error: BaseException) -> str:
    try:
        lines = str(error).splitlines()
    except Exception:
        return ""
    return lines[0][:MAX_TEXT_LENGTH] if lines else ""


def _guilty_line(error: BaseException, function: Callable[..., Any]) -> str:
    """Return the last line of the student's own cells that the exception passed through."""
    home = getattr(getattr(function, "__code__", None), "co_filename", None)
    frames = traceback.extract_tb(error.__traceback__)
    own = [f.line for f in frames if f.line and (f.filename == home or CELL.search(f.filename))]
    return own[-1].strip()[:MAX_TEXT_LENGTH] if own else ""


def _same(given: Any, original: Any) -> bool:
    if isinstance(original, InputRecipe):
        return True
    if isinstance(original, np.ndarray):
        return (
            isinstance(given, np.ndarray)
            and given.shape == original.shape
            and bool(np.array_equal(given, original, equal_nan=original.dtype.kind in "fc"))
        )
    if type(given) is not type(original):
        return False  # what a function puts into a list or a dict may not even be comparable
    if isinstance(original, (list, tuple)):
        return len(given) == len(original) and all(map(_same, given, original))
    if isinstance(original, dict):
        return given.keys() == original.keys() and all(_same(given[key], original[key]) for key in original)
    return bool(given == original)
