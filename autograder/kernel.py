"""One Python process with a submission's cells in it, from its start to its end, and the one socket it has."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil
from nbformat import NotebookNode

from autograder import sandbox
from autograder.inside.frames import Channel, FrameError, FrameLimits
from autograder.limits import MIB, Limits
from autograder.outputs import Outputs
from autograder.supplier import Supplier
from rnnlab.calling import Opaque

MOST_PATIENCE = 3  # times the limit: how long a busy machine may keep a process waiting
SHORTEST_DELAY = 0.1  # s of waiting for a processor that are worth another look
SPARE = 1.0  # s to learn how a process ended


class SandboxError(Exception):
    """The sandbox or the process in it did not work: our fault, never the submission's."""


class Stopped(Exception):
    """The submission was stopped: ``status`` is the name of the limit or "died", ``message`` one sentence."""

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Kernel:
    """A process that executes cells and calls functions; ``close`` leaves nothing of it behind.

    Nothing that it sends or leaves out can keep us waiting: every exchange has a deadline, and is bounded in bytes.
    """

    def __init__(self, trusted: bool, limits: Limits) -> None:
        self.limits = limits
        self.trusted = trusted
        self.outputs = Outputs(limits)
        self.process: subprocess.Popen[bytes] | None = None
        ours, self._theirs = socket.socketpair()
        self.channel = PatientChannel(ours, limits.frame)
        self._flood = 0
        # Where a process without a sandbox may leave files; in the sandbox nothing of the host can be written to.
        self.folder: Path | None = None

    def start(self) -> None:
        """Start the process and wait until it answers; raises SandboxError."""
        try:
            with self._theirs:
                self.process = self._launch(self._theirs)
            self.channel.give(self.limits.start)
            greeting = self.channel.receive()
        except (EOFError, OSError, FrameError) as error:
            raise SandboxError(f"The sandbox did not start: {self._complaint() or repr(error)}") from error
        if greeting != {"op": "ready"}:
            raise SandboxError(f"The sandbox said {str(greeting)[:200]!r} instead of being ready.")
        self.channel.watch(_youngest(self.process.pid))

    def execute(self, cell: NotebookNode, count: int, seconds: float) -> None:
        """Execute the cell as the ``count``-th; raises Stopped if that ended the process."""
        self.outputs.begin_cell(cell, count)
        with self._blamed(seconds):
            self._send({"op": "run", "source": cell.source}, seconds)
            while (answer := self.channel.receive()) != {"op": "ran"}:
                self._show(answer)

    def ask(self, request: Mapping[str, Any], supplier: Supplier, seconds: float) -> Any:
        """Return the answer to a question about a function, after computing what it asks for on the way.

        Raises Stopped if there is no answer in time, or if the question ended the process.
        """
        with self._blamed(seconds):
            self._send(request, seconds)
            while True:
                match self.channel.receive():
                    case {"op": "supply", "name": str(name), "args": tuple(args), "kwargs": dict(kwargs)} if (
                        name in request["supply"]
                    ):
                        self.channel.send(supplier.answer(name, args, kwargs), Opaque.of)
                    case {"op": "output"}:
                        self._count_flood()
                    case answer:
                        return answer

    def close(self) -> None:
        """Kill the process; when this returns, all that it started and all its files are gone."""
        self._theirs.close()
        self.channel.connection.close()
        if self.process is not None:
            assert self.process.stderr is not None
            self.process.stderr.close()
            self._kill(self.process)
        if self.folder is not None:
            shutil.rmtree(self.folder, ignore_errors=True)

    def _launch(self, connection: socket.socket) -> subprocess.Popen[bytes]:
        frame = self.limits.frame
        numbers = [str(number) for number in (frame.size, frame.header, frame.depth, frame.items)]
        if self.trusted:
            self.folder = Path(tempfile.mkdtemp(prefix="submission-"))
            return subprocess.Popen(
                [sys.executable, "-m", "autograder.inside.agent", *numbers],
                stdin=connection.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                cwd=self.folder,
                env={**os.environ, "OMP_NUM_THREADS": "1", "MPLBACKEND": sandbox.PICTURES},
                start_new_session=True,
            )
        argv = [sandbox.python(), "-m", "inside.agent", *numbers]
        with sandbox.prepared(argv, self.limits) as (line, descriptors):
            return subprocess.Popen(
                line,
                stdin=connection.fileno(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                pass_fds=descriptors,
                # bubblewrap itself stays in sight of the sandbox: it must not have the grader's environment either.
                env={"PATH": os.defpath},
            )

    def _send(self, request: Mapping[str, Any], seconds: float) -> None:
        self._flood = 0
        self.channel.give(seconds)
        try:
            self.channel.send(request)
        except FrameError as error:
            raise SandboxError(f"A request does not fit through the border: {error}.") from error

    def _show(self, answer: Any) -> None:
        """Keep what a cell shows; raises FrameError if the answer is anything else."""
        match answer:
            case {"op": "output", "kind": kind, "content": content}:
                self._count_flood()
                self.outputs.add(kind, content)
            case _:
                raise FrameError("the answer is none that a cell gives")

    def _count_flood(self) -> None:
        self._flood += self.channel.received
        if self._flood > self.limits.flood_bytes:
            raise Stopped("output", f"printed or showed more than {self.limits.flood_bytes // MIB} MiB")

    @contextlib.contextmanager
    def _blamed(self, seconds: float) -> Iterator[None]:
        """Turn what ends the exchange into Stopped."""
        try:
            yield
        except TimeoutError:
            raise Stopped("timeout", f"did not finish within {seconds:.3g} s") from None
        except (EOFError, OSError):
            raise Stopped("died", f"ended the Python process{self._cause()}") from None
        except FrameError:
            raise Stopped("died", "sent something else than an answer") from None

    def _cause(self) -> str:
        """Return how the process ended, in brackets; empty if that says nothing."""
        assert self.process is not None
        try:
            code = self.process.wait(SPARE)
        except subprocess.TimeoutExpired:
            return ""
        # bubblewrap reports a signal as 128 and its number, Popen as the negative number.
        number = code - 128 if code > 128 else -code
        try:
            return f" ({signal.strsignal(number)})"
        except ValueError:
            return ""

    def _complaint(self) -> str:
        """Return the last line that the process wrote while it started."""
        if self.process is None or self.process.stderr is None:
            return ""
        os.set_blocking(self.process.stderr.fileno(), False)
        said = self.process.stderr.read() or b""
        return (said.decode(errors="replace").strip().splitlines() or [""])[-1][:300]

    def _kill(self, process: subprocess.Popen[bytes]) -> None:
        if self.trusted:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
        else:
            sandbox.kill(process.pid)
        try:
            process.wait(self.limits.stop)
        except subprocess.TimeoutExpired:
            raise SandboxError(f"A sandbox was killed and not gone {self.limits.stop:g} s later.") from None


class PatientChannel(Channel):
    """A channel whose deadline moves while the other end waits for a processor: that is not the submission's fault."""

    def __init__(self, connection: socket.socket, limits: FrameLimits) -> None:
        super().__init__(connection, limits)
        self._process: Path | None = None

    def watch(self, pid: int) -> None:
        """Take process ``pid`` for the other end."""
        self._process = Path(f"/proc/{pid}/schedstat")

    def give(self, seconds: float) -> None:
        """Give the other end that many seconds from now on."""
        self.deadline = time.monotonic() + seconds
        self._last = self.deadline + (MOST_PATIENCE - 1) * seconds
        self._starved = self._waited()

    def _postponed(self) -> bool:
        assert self.deadline is not None
        starved = self._waited()
        late, self._starved = starved - self._starved, starved
        if late < SHORTEST_DELAY or self.deadline >= self._last:
            return False
        self.deadline = min(self.deadline + late, self._last)
        return True

    def _waited(self) -> float:
        """Return the seconds that the process was ready to run in its life, and was not let; 0 if it is not known."""
        if self._process is None:
            return 0.0
        try:
            return int(self._process.read_text().split()[1]) / 1e9
        except (OSError, ValueError, IndexError):
            return 0.0


def _youngest(pid: int) -> int:
    """Return the process at the end of the chain of those that started each other: Python, behind bubblewrap."""
    chain = psutil.Process(pid).children(recursive=True)
    return chain[-1].pid if chain else pid
