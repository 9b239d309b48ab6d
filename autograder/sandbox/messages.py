"""Parsing what a submission's process sends: each message becomes a value of a known type, or an error.

Nothing past this module compares values from a sandbox whose type is unknown: comparing an array gives an array, which
is neither true nor false.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograder.sandbox.inside.agent import MAX_FAULTS
from autograder.sandbox.inside.frames import FrameError
from autograder.untrusted_text import quotable
from rnnlab.checking.calling import Parameter, Raised, Returned


@dataclass(frozen=True)
class Ready:
    """The process waits for requests."""


@dataclass(frozen=True)
class Fault:
    """An exception that a cell raised: its class's name, its message, and the line of the cell, 0 if not known."""

    kind: str
    message: str
    line: int


@dataclass(frozen=True)
class Ran:
    """The cell has been executed; ``faults`` are what ended it, and imports that failed before."""

    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Shown:
    """An output of a cell or call; of ``content`` only its own type is known."""

    kind: str
    content: dict[str, Any]


@dataclass(frozen=True)
class Signature:
    """The parameters of a function; None if there is no such function."""

    parameters: tuple[Parameter, ...] | None


@dataclass(frozen=True)
class Question:
    """A call of a supplied function, with arguments that may be anything."""

    name: str
    args: tuple[Any, ...]
    kwargs: dict[str, Any]


Message = Ready | Ran | Shown | Signature | Question | Returned | Raised


def message(value: Any) -> Message:
    """Return the message in a decoded frame; raises FrameError, and nothing else, if there is none."""
    op = value.get("op") if isinstance(value, dict) else None
    if not isinstance(op, str) or op not in READERS:
        raise FrameError("the frame contains no message")
    return READERS[op](value)


def _shown(value: dict[str, Any]) -> Shown:
    return Shown(_typed(value, "kind", str), _typed(value, "content", dict))


def _signature(value: dict[str, Any]) -> Signature:
    if "parameters" in value and value["parameters"] is None:
        return Signature(None)
    return Signature(tuple(map(_parameter, _typed(value, "parameters", list))))


def _parameter(pair: Any) -> Parameter:
    match pair:
        case (str(name), bool(required)):
            return Parameter(quotable(name), required)
    raise FrameError("the message contains a malformed parameter")


def _fault(fault: Any) -> Fault:
    match fault:
        case (str(kind), str(text), int(line)):
            return Fault(quotable(kind), quotable(text), line)
    raise FrameError("the message contains a malformed exception")


def _question(value: dict[str, Any]) -> Question:
    return Question(_typed(value, "name", str), _typed(value, "args", tuple), _typed(value, "kwargs", dict))


def _returned(value: dict[str, Any]) -> Returned:
    changed = _typed(value, "changed", list)
    if "value" not in value or not all(isinstance(name, str) for name in changed):
        raise FrameError("the message lacks what a function returned")
    return Returned(value["value"], tuple(changed), quotable(_typed(value, "warned", str)))


def _raised(value: dict[str, Any]) -> Raised:
    return Raised(*(quotable(_typed(value, name, str)) for name in ("kind", "message", "line")))


def _typed(value: dict[str, Any], name: str, type_: type) -> Any:
    found = value.get(name)
    if not isinstance(found, type_):
        raise FrameError(f"the message has no valid {name}")
    return found


READERS: dict[str, Callable[[dict[str, Any]], Message]] = {
    "ready": lambda _: Ready(),
    "ran": lambda value: Ran(tuple(map(_fault, _typed(value, "faults", list)[:MAX_FAULTS]))),
    "output": _shown,
    "parameters": _signature,
    "supply": _question,
    "returned": _returned,
    "raised": _raised,
}
