"""The three ways in which a process for a submission comes to life: cold, warm, and without a sandbox."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from autograder.sandbox import bubblewrap
from autograder.sandbox.limits import Limits


class Process(Protocol):
    """A process with everything that it started."""

    isolated: bool

    @property
    def pid(self) -> int:
        """The host's number of the process that all others are below; raises OSError if it is gone."""

    def end(self) -> None:
        """Kill all of it without waiting; another thread may do that at any time before ``kill``."""

    def wait(self, seconds: float) -> int | None:
        """Return its exit code, or 128 and the number of a signal; None if it has not ended that many seconds later."""

    def kill(self, seconds: float) -> bool:
        """Kill all of it, remove what it left, and return whether it was gone within that many seconds."""

    def complaint(self) -> str:
        """Return the last line that it wrote before it was ready."""


Launch = Callable[[socket.socket, Limits], Process]


class Sandbox:
    """A sandbox with one new Python process in it, whose standard input is ``connection``.

    It executes a submission; or, if it is given ``imports``, Python code of the course, executes that and forks
    processes that execute submissions.
    """

    isolated = True

    def __init__(self, connection: socket.socket, limits: Limits, *, imports: str = "") -> None:
        program = ["inside.zygote", imports] if imports else ["inside.agent"]
        argv = [bubblewrap.python(), "-m", *program]
        with bubblewrap.prepared(argv, limits, forks=bool(imports)) as (line, descriptors):
            self._process = subprocess.Popen(
                [*line, *_frame_numbers(limits)],
                stdin=connection.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=descriptors,
                # bubblewrap itself stays in sight of the sandbox: it must not have the grader's environment either.
                env={"PATH": os.defpath},
            )

    @property
    def pid(self) -> int:
        """See `Process`."""
        return self._process.pid

    def end(self) -> None:
        """See `Process`."""
        bubblewrap.kill(self.pid)

    def wait(self, seconds: float) -> int | None:
        """See `Process`."""
        return _ended(self._process, seconds)

    def kill(self, seconds: float) -> bool:
        """See `Process`."""
        self.end()
        return _buried(self._process, seconds)

    def complaint(self) -> str:
        """See `Process`."""
        return _last_words(self._process)


class Trusted:
    """A Python process with all the rights of the grader, in a temporary folder."""

    isolated = False

    def __init__(self, connection: socket.socket, limits: Limits) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="submission-"))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autograder.sandbox.inside.agent", *_frame_numbers(limits)],
            stdin=connection.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=self._folder,
            env={**os.environ, "OMP_NUM_THREADS": "1", "PYTHONSAFEPATH": "1", "MPLBACKEND": bubblewrap.PICTURES},
            start_new_session=True,
        )

    @property
    def pid(self) -> int:
        """See `Process`."""
        return self._process.pid

    def end(self) -> None:
        """See `Process`."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)

    def wait(self, seconds: float) -> int | None:
        """See `Process`."""
        return _ended(self._process, seconds)

    def kill(self, seconds: float) -> bool:
        """See `Process`."""
        self.end()
        shutil.rmtree(self._folder, ignore_errors=True)
        return _buried(self._process, seconds)

    def complaint(self) -> str:
        """See `Process`."""
        return _last_words(self._process)


def children(pid: int) -> list[int]:
    """Return the processes that process ``pid``, which has one thread, started; raises OSError if it is gone."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def innermost(pid: int) -> int:
    """Return the process at the end of the chain of those that started each other: Python, behind bubblewrap.

    Raises OSError if one of them is gone.
    """
    while started := children(pid):
        pid = started[-1]
    return pid


def _frame_numbers(limits: Limits) -> list[str]:
    """Return the limits of a frame as the arguments that the agent takes."""
    frame = limits.frame
    return [str(number) for number in (frame.size, frame.header, frame.depth, frame.items)]


def _ended(process: subprocess.Popen[bytes], seconds: float) -> int | None:
    """Return the exit code, or 128 and the number of a signal, None if it has not ended that many seconds later."""
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
    return 128 - code if code < 0 else code


def _buried(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Return whether a killed process has ended within that many seconds."""
    assert process.stderr is not None
    process.stderr.close()
    return _ended(process, seconds) is not None


def _last_words(process: subprocess.Popen[bytes]) -> str:
    """Return the last line that a process wrote to its standard error so far."""
    assert process.stderr is not None
    os.set_blocking(process.stderr.fileno(), False)
    said = process.stderr.read() or b""
    return (said.decode(errors="replace").strip().splitlines() or [""])[-1][:300]
