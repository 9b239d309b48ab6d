"""Runs in the student's kernel when the cells are done: calls the functions that the host names.

The host sends inputs over a Unix socket and takes results back as frames.
It reads them as data whose origin is the student: nothing here decides a score.
"""

from __future__ import annotations

import builtins
import contextlib
import os
import socket
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np
from IPython.core.getipython import get_ipython

from rnnlab.calling import Opaque, Raised, call, parameters

from .frames import Channel, FrameLimits


def serve(path: str, limits: tuple[int, int, int, int]) -> None:
    """Answer the host's requests at the socket ``path`` until it hangs up."""
    shell = get_ipython()
    assert shell is not None
    namespace = shell.user_ns
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path)
        channel = Channel(connection, FrameLimits(*limits))
        with contextlib.suppress(EOFError):
            while True:
                request = channel.receive()
                _send(channel, _answer(request, namespace, channel))


def _answer(request: Mapping[str, Any], namespace: dict[str, Any], channel: Channel) -> dict[str, Any]:
    if request["op"] == "parameters":
        return {"op": "parameters", "parameters": _parameters(namespace.get(request["name"]))}
    standins = {name: _standin(name, channel) for name in request["supply"]}
    with _quiet(), _replaced(namespace, standins):
        outcome = _call(namespace, request["name"], request["inputs"])
    if isinstance(outcome, Raised):
        return {"op": "raised", "kind": outcome.kind, "message": outcome.message, "line": outcome.line}
    value = _hide(outcome.value, request["opaque"])
    return {"op": "returned", "value": value, "changed": list(outcome.changed), "warned": outcome.warned}


def _parameters(function: Any) -> list[tuple[str, bool]] | None:
    try:
        return [(parameter.name, parameter.required) for parameter in parameters(function)]
    except TypeError:
        return None
    except ValueError:
        return []  # some built-in functions do not tell


def _call(namespace: Mapping[str, Any], name: str, inputs: Mapping[str, Any]) -> Any:
    if name not in namespace:
        return Raised("NameError", f"name {name!r} is not defined")
    try:
        return call(namespace[name], inputs)
    except KeyboardInterrupt:
        return Raised("KeyboardInterrupt")


def _hide(value: Any, positions: list[int]) -> Any:
    if not positions or not isinstance(value, tuple):
        return value
    return tuple(Opaque.of(item) if at in positions else item for at, item in enumerate(value))


def _send(channel: Channel, answer: dict[str, Any]) -> None:
    """Send the answer; a value that does not fit into a frame is described instead."""
    try:
        channel.send(answer, _describe)
    except OSError:
        raise
    except Exception:
        channel.send({**answer, "value": Opaque.of(answer.get("value"))}, _describe)


def _describe(value: Any) -> Any:
    """Return a torch tensor as an array, and any other object as its type's name and length."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        with contextlib.suppress(Exception):
            return np.asarray(value.detach().cpu().numpy())
    described = Opaque.of(value)
    if isinstance(value, np.ndarray):
        described = Opaque(f"array of {value.dtype}", described.length)
    return described


def _standin(name: str, channel: Channel) -> Callable[..., Any]:
    """Return a function that lets the host compute ``name`` and gives back what it says."""

    def supplied(*args: Any, **kwargs: Any) -> Any:
        channel.send({"op": "supply", "name": name, "args": args, "kwargs": kwargs}, _describe)
        answer = channel.receive()
        if answer["op"] == "returned":
            return answer["value"]
        kind = getattr(builtins, answer["kind"], None)
        if not (isinstance(kind, type) and issubclass(kind, Exception)):
            kind = RuntimeError
        raise kind(answer["message"])

    supplied.__name__ = supplied.__qualname__ = name
    return supplied


@contextlib.contextmanager
def _replaced(namespace: dict[str, Any], standins: Mapping[str, Any]) -> Iterator[None]:
    before = {name: namespace[name] for name in standins if name in namespace}
    namespace.update(standins)
    try:
        yield
    finally:
        for name in standins:
            namespace.pop(name, None)
        namespace.update(before)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Let the student's function print and warn as it likes: nobody reads it here."""
    with (
        open(os.devnull, "w", encoding="utf-8") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield
