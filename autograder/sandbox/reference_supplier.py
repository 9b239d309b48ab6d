"""The reference functions that a student's function may call, computed in a separate process.

Their arguments come from the submission, so they might take any amount of time and memory.
"""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import time
from collections.abc import Callable, Mapping
from typing import Any

from autograder.errors import SandboxError
from autograder.sandbox.inside.frames import Channel, FrameError
from autograder.sandbox.limited_process import limit
from autograder.sandbox.limits import LIMITS, Limits
from rnnlab.checking.calling import MAX_TEXT_LENGTH, Opaque

Functions = Mapping[str, Callable[..., Any]]


class Supplier:
    """Computes ``functions`` for untrusted arguments, within ``limits``.

    CPU time is limited over all its processes together, restarts included.
    """

    def __init__(self, functions: Functions, limits: Limits = LIMITS) -> None:
        self._functions = functions
        self._limits = limits
        self._pid = 0
        self._cpu = float(limits.supplied_cpu)
        self._channel: Channel | None = None

    def answer(self, name: str, args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
        """Return what the function ``name`` returns or raises, as the frame that the agent in the sandbox expects.

        Raises SandboxError if no process can be started for it.
        """
        if self._cpu <= 0:
            limit_ = self._limits.supplied_cpu
            return _raised("TimeoutError", f"the supplied functions have used up their {limit_} s of processor time")
        channel = self._channel or self._start()
        channel.deadline = time.monotonic() + self._limits.supplied
        try:
            channel.send({"name": name, "args": args, "kwargs": kwargs}, Opaque.of)
            answer: dict[str, Any] = channel.receive()
        except TimeoutError:
            self.close()
            return _raised(
                "TimeoutError", f"{name} did not finish with these arguments within {self._limits.supplied:g} s"
            )
        except (EOFError, OSError, FrameError):
            self.close()
            return _raised("RuntimeError", f"{name} does not work with these arguments")
        return answer

    def close(self) -> None:
        """End the process; the next call starts another."""
        if self._channel is not None:
            self._channel.connection.close()
            self._channel = None
            os.kill(self._pid, signal.SIGKILL)
            _, _, used = os.wait4(self._pid, 0)
            self._cpu -= used.ru_utime + used.ru_stime

    def _start(self) -> Channel:
        parent_end, child_end = socket.socketpair()
        try:
            self._pid = os.fork()
        except OSError as error:
            raise SandboxError(f"no process could be started for the reference functions: {error}") from error
        if self._pid == 0:
            parent_end.close()
            # Nothing that happens here may continue in the judge's code.
            with contextlib.suppress(BaseException):
                self._serve(Channel(child_end, self._limits.frame))
            os._exit(0)
        child_end.close()
        self._channel = Channel(parent_end, self._limits.frame)
        return self._channel

    def _serve(self, channel: Channel) -> None:
        """Answer until the other end is closed, with limited memory and CPU."""
        limit(self._limits.supplied_memory, self._cpu)
        while True:
            request = channel.receive()
            channel.send(_computed(self._functions[request["name"]], request["args"], request["kwargs"]), Opaque.of)


def _computed(function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]) -> dict[str, Any]:
    try:
        return {"op": "returned", "value": function(*args, **kwargs)}
    except Exception as error:
        return _raised(type(error).__name__, (str(error).splitlines() or [""])[0])


def _raised(kind: str, message: str) -> dict[str, Any]:
    return {"op": "raised", "kind": kind, "message": message[:MAX_TEXT_LENGTH]}
