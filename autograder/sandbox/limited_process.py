"""Process untrusted data in a forked process with bounded memory and time."""

from __future__ import annotations

import json
import math
import os
import resource
import traceback
from collections.abc import Callable
from typing import Any

from autograder.errors import TooMuch


def run_limited(work: Callable[[], Any], memory: int, seconds: float) -> Any:
    """Return the result of ``work``, which must be a JSON value.

    Raises TooMuch if it takes ``memory`` bytes beyond what this process has, or ``seconds`` of CPU; RuntimeError with
    the traceback of any other exception.
    """
    reading, writing = os.pipe()
    pid = os.fork()
    if pid == 0:
        # Nothing that happens here may continue in the caller's code.
        try:
            os.close(reading)
            _answer(work, writing, memory, seconds)
        finally:
            os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as file:
        answer = file.read()
    os.waitpid(pid, 0)
    if not answer:
        raise TooMuch
    value, error = json.loads(answer)
    if error:
        raise RuntimeError(error)
    return value


def limit(memory: int, seconds: float) -> None:
    """Limit this process to ``memory`` bytes and ``seconds`` of CPU more than it has used."""
    room = _address_space() + memory
    resource.setrlimit(resource.RLIMIT_AS, (room, room))
    used = resource.getrusage(resource.RUSAGE_SELF)
    end = math.ceil(used.ru_utime + used.ru_stime + seconds)
    resource.setrlimit(resource.RLIMIT_CPU, (end, end))


def _answer(work: Callable[[], Any], writing: int, memory: int, seconds: float) -> None:
    """Write the result of the work, or nothing if it ran out of memory."""
    try:
        limit(memory, seconds)
        answer = json.dumps([work(), ""])
    except MemoryError:
        return
    except Exception:
        answer = json.dumps([None, traceback.format_exc()])
    with os.fdopen(writing, "wb") as file:
        file.write(answer.encode())


def _address_space() -> int:
    """Return the size in bytes of this process's address space."""
    with open("/proc/self/statm", encoding="ascii") as numbers:
        return int(numbers.read().split()[0]) * resource.getpagesize()
