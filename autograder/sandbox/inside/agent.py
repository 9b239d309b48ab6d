"""Runs in the sandbox: executes a submission's cells and calls the functions that the host names.

The host talks to it over one socket, in frames, and treats what comes back as data from the student: nothing here
decides a score.
"""

from __future__ import annotations

import builtins
import contextlib
import os
import socket
import sys
import threading
import warnings
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from rnnlab.checking.calling import MAX_TEXT_LENGTH, Opaque, Raised, call, parameters, replaced

from .frames import Channel, FrameError, FrameLimits
from .shell import Shell, new_shell

MAX_FAULTS = 3  # exceptions of one cell that are reported: failed imports, and what ended it


class Agent:
    """Answers the host's requests over ``connection``, using ``shell``."""

    def __init__(self, connection: socket.socket, limits: FrameLimits, shell: Shell) -> None:
        self.channel = Channel(connection, limits)
        self.shell = shell
        # The student's threads may print while an answer is being sent.
        self._lock = threading.Lock()
        # A forked process must not answer the host.
        os.register_at_fork(after_in_child=connection.close)

    def serve(self) -> None:
        """Answer until the host closes the connection."""
        self.shell.send_outputs_to(self._send_output)
        # Last in the search path, so that no file there shadows a module.
        sys.path.append(os.getcwd())
        with contextlib.suppress(EOFError, OSError):
            self._send({"op": "ready"})
            while True:
                self._send(self._answer(self.channel.receive()))

    def _answer(self, request: Mapping[str, Any]) -> dict[str, Any]:
        match request["op"]:
            case "run":
                faults = self.shell.run(request["source"])
                return {
                    "op": "ran",
                    "faults": [(kind, text[:MAX_TEXT_LENGTH], line) for kind, text, line in faults[-MAX_FAULTS:]],
                }
            case "files":
                place_files(request["files"])
                return {"op": "ready"}
            case "parameters":
                return {"op": "parameters", "parameters": _parameters(self.shell.user_ns.get(request["name"]))}
        return self._called(request)

    def _called(self, request: Mapping[str, Any]) -> dict[str, Any]:
        namespace = self.shell.user_ns
        standins = {name: self._standin(name) for name in request["supply"]}
        with _quiet(), replaced(namespace, standins):
            outcome = _call(namespace, request["name"], request["inputs"])
        if isinstance(outcome, Raised):
            return {"op": "raised", "kind": outcome.kind, "message": outcome.message, "line": outcome.line}
        value = _hide(outcome.value, request["opaque"])
        return {"op": "returned", "value": value, "changed": list(outcome.changed), "warned": outcome.warned}

    def _send_output(self, kind: str, content: dict[str, Any]) -> None:
        """Send an output of a cell; one that is too large for a frame is dropped."""
        with contextlib.suppress(FrameError):
            self._send({"op": "output", "kind": kind, "content": content})

    def _send(self, answer: dict[str, Any]) -> None:
        """Send the answer; a value that does not fit into a frame is replaced by a description."""
        with self._lock:
            try:
                self.channel.send(answer, _describe)
            except OSError:
                raise
            except Exception:
                if "value" not in answer:
                    raise
                self.channel.send({**answer, "value": Opaque.of(answer["value"])}, _describe)

    def _standin(self, name: str) -> Callable[..., Any]:
        """Return a function that has the host compute ``name`` and returns or raises its answer."""

        def supplied(*args: Any, **kwargs: Any) -> Any:
            self.channel.send({"op": "supply", "name": name, "args": args, "kwargs": kwargs}, _describe)
            answer = self.channel.receive()
            if answer["op"] == "returned":
                return answer["value"]
            kind = getattr(builtins, answer["kind"], None)
            if not (isinstance(kind, type) and issubclass(kind, Exception)):
                kind = RuntimeError
            raise kind(answer["message"])

        supplied.__name__ = supplied.__qualname__ = name
        return supplied


def _parameters(function: Any) -> list[tuple[str, bool]] | None:
    try:
        return [(parameter.name, parameter.required) for parameter in parameters(function)]
    except TypeError:
        return None
    except ValueError:
        return []  # some built-in functions have no signature


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


def _describe(value: Any) -> Any:
    """Return a torch tensor as an array, any other object as its type's name and its length."""
    torch = sys.modules.get("torch")
    if torch is not None and isinstance(value, torch.Tensor):
        with contextlib.suppress(Exception):
            return np.asarray(value.detach().cpu().numpy())
    described = Opaque.of(value)
    if isinstance(value, np.ndarray):
        described = Opaque(f"array of {value.dtype}", described.length)
    return described


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Drop what the student's function prints and warns."""
    with (
        open(os.devnull, "w", encoding="utf-8") as nowhere,
        contextlib.redirect_stdout(nowhere),
        contextlib.redirect_stderr(nowhere),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield


def place_files(files: Mapping[str, Any]) -> None:
    """Write the files submitted beside the notebook into the working folder, to be read and imported from there."""
    for name, content in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.tobytes())
        path.chmod(0o444)


def leave_standard_streams(*standard: int) -> None:
    """Redirect standard input (0), output (1) or error (2) to /dev/null; until then errors go to the parent process."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in standard:
        os.dup2(nowhere, number)
    os.close(nowhere)


def main() -> None:
    """Serve on the socket that is this process's standard input; the arguments are the limits of a frame."""
    connection = socket.socket(fileno=os.dup(0))
    agent = Agent(connection, FrameLimits(*map(int, sys.argv[1:])), new_shell())
    leave_standard_streams(0, 1, 2)
    agent.serve()


if __name__ == "__main__":
    main()
