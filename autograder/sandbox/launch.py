"""Starting the process of a submission: in a new sandbox, or with no sandbox; `warm` adds forks of a warm process."""

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
    """A process and its descendants."""

    isolated: bool

    @property
    def pid(self) -> int:
        """The id, on the host, of the process above all others; raises OSError if it is gone."""

    def end(self) -> None:
        """Kill all processes without waiting; another thread may do that at any time before ``kill``."""

    def wait(self, seconds: float) -> int | None:
        """Return its exit code, or 128 plus the signal's number; None if it has not ended after ``seconds``."""

    def kill(self, seconds: float) -> bool:
        """Kill all processes, remove their files, and return whether all had ended within ``seconds``."""

    def complaint(self) -> str:
        """Return the last line that it wrote to standard error before it was ready."""


Launch = Callable[[socket.socket, Limits], Process]


class Sandbox:
    """A sandbox with one new Python process in it, whose standard input is ``connection``.

    It executes a submission; or, with ``imports``, Python code of the course, executes that and forks processes that
    execute submissions.
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
                # The sandbox can read bubblewrap's environment, too: it must not be the grader's.
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
        return _is_reaped(self._process, seconds)

    def complaint(self) -> str:
        """See `Process`."""
        return _last_error_line(self._process)


class Trusted:
    """A Python process with all permissions of the grader, in a temporary folder."""

    isolated = False

    def __init__(self, connection: socket.socket, limits: Limits) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="submission-"))
        self._process = subprocess.Popen(
            [sys.executable, "-m", "autograder.sandbox.inside.agent", *_frame_numbers(limits)],
            stdin=connection.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            cwd=self._folder,
            env={
                **os.environ,
                "OMP_NUM_THREADS": "1",
                "PYTHONSAFEPATH": "1",
                "MPLBACKEND": bubblewrap.MATPLOTLIB_BACKEND,
            },
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
        return _is_reaped(self._process, seconds)

    def complaint(self) -> str:
        """See `Process`."""
        return _last_error_line(self._process)


def children(pid: int) -> list[int]:
    """Return the child processes of ``pid``, which has one thread; raises OSError if it is gone."""
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]


def innermost(pid: int) -> int:
    """Return the last descendant of ``pid``: Python, started by bubblewrap.

    Raises OSError if a process in the chain is gone.
    """
    while started := children(pid):
        pid = started[-1]
    return pid


def _frame_numbers(limits: Limits) -> list[str]:
    """Return the limits of a frame as the arguments that the agent takes."""
    frame = limits.frame
    return [str(number) for number in (frame.size, frame.header, frame.depth, frame.items)]


def _ended(process: subprocess.Popen[bytes], seconds: float) -> int | None:
    """Return the exit code, or 128 plus the signal's number; None if it has not ended after ``seconds``."""
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        return None
    return 128 - code if code < 0 else code


def _is_reaped(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Wait for a killed process; return whether it ended within ``seconds``."""
    assert process.stderr is not None
    process.stderr.close()
    return _ended(process, seconds) is not None


def _last_error_line(process: subprocess.Popen[bytes]) -> str:
    """Return the last line that a process has written to standard error so far."""
    assert process.stderr is not None
    os.set_blocking(process.stderr.fileno(), False)
    written = process.stderr.read() or b""
    return (written.decode(errors="replace").strip().splitlines() or [""])[-1][:300]
