"""One Python process with a submission's cells in it, from its start to its end, and the one socket it has."""

from __future__ import annotations

import contextlib
import signal
import socket
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from autograder.sandbox.budget import Budget
from autograder.sandbox.errors import SandboxError, Stopped, TooLarge
from autograder.sandbox.inside.frames import Channel, FrameError, FrameLimits
from autograder.sandbox.launch import Launch, Process, innermost
from autograder.sandbox.limits import MIB, Limits
from autograder.sandbox.messages import Fault, Message, Question, Ran, Ready, Shown, message
from autograder.sandbox.outputs import Outputs
from autograder.sandbox.supplier import Supplier
from autograder.sandbox.watchdog import Watchdog
from rnnlab.checking.calling import Opaque

MAX_PATIENCE = 3  # times the limit: how long a busy machine may keep a process waiting
SHORTEST_DELAY = 0.1  # s of waiting for a processor that are worth another look
SPARE = 1.0  # s to learn how a process ended
OVERTIME = 10.0  # s that a busy machine may keep a process waiting after the submission's time is over


class Kernel:
    """A process that executes cells and calls functions; ``close`` leaves nothing of it behind.

    Nothing that it sends or leaves out can keep us waiting: every exchange has a deadline, and is bounded in bytes.
    What it uses is taken from ``budget``.
    """

    def __init__(self, launch: Launch, limits: Limits, budget: Budget) -> None:
        self.limits = limits
        self._budget = budget
        self._launch = launch
        self._process: Process | None = None
        ours, self._theirs = socket.socketpair()
        self._channel = PatientChannel(ours, limits.frame)
        self._watching = contextlib.ExitStack()
        self._watchdog: Watchdog | None = None
        self._flood = 0

    def start(self) -> None:
        """Start the process and wait until it answers; raises SandboxError."""
        try:
            with self._theirs:
                self._process = self._launch(self._theirs, self.limits)
            self._give(min(self.limits.start, self._budget.seconds))
            greeting = message(self._channel.receive())
            self._channel.watch(innermost(self._process.pid))
            if self._process.isolated:
                bounds = replace(self.limits.together, cpu=self._budget.cpu)
                watchdog = Watchdog(self._process.pid, bounds, self._process.end)
                self._watchdog = self._watching.enter_context(watchdog)
                self._channel.count(lambda: watchdog.cpu)
        except (EOFError, OSError, FrameError) as error:
            complaint = self._process.complaint() if self._process else ""
            raise SandboxError(f"The sandbox did not start: {complaint or repr(error)}") from error
        if not isinstance(greeting, Ready):
            raise SandboxError(f"The sandbox said {str(greeting)[:200]!r} instead of being ready.")

    def place(self, files: Mapping[str, bytes]) -> None:
        """Put ``files`` into the working folder, before anything else is executed; raises SandboxError."""
        contents = {name: np.frombuffer(content, np.uint8) for name, content in files.items()}
        try:
            self._channel.give(self.limits.start, self.limits.start)
            self._channel.send({"op": "files", "files": contents})
            answer = message(self._channel.receive())
        except (EOFError, OSError, FrameError) as error:
            raise SandboxError(f"The files beside the notebook did not reach the sandbox: {error!r}") from error
        if not isinstance(answer, Ready):
            raise SandboxError(f"The sandbox said {str(answer)[:200]!r} instead of having placed the files.")

    def execute(self, source: str, seconds: float, outputs: Outputs | None) -> tuple[Fault, ...]:
        """Execute a cell's ``source`` and return what went wrong.

        Raises Stopped if that ended the process, TooLarge if the source does not fit.

        What it shows goes into ``outputs``, or nowhere.
        """
        with self._blamed(seconds):
            try:
                self._send({"op": "run", "source": source}, seconds)
            except FrameError:
                raise TooLarge("size", f"was not executed: its {len(source):,} characters are too many") from None
            while not isinstance(answer := self._answer(), Ran):
                if not isinstance(answer, Shown):
                    raise FrameError("the answer is none that a cell gives")
                if outputs is not None:
                    outputs.add(answer.kind, answer.content)
            return answer.faults

    def ask(self, request: Mapping[str, Any], supplier: Supplier, seconds: float) -> Message:
        """Return the answer to a question about a function, after computing what it asks for on the way.

        Raises Stopped if there is no answer in time, or if the question ended the process; ValueError for a question
        that does not fit into a frame.
        """
        with self._blamed(seconds):
            try:
                self._send(request, seconds)
            except FrameError as error:
                # A property may ask with what the submission returned.
                raise ValueError(f"these inputs do not fit through the border: {error}") from error
            while True:
                match self._answer():
                    case Question(name, args, kwargs) if name in request["supply"]:
                        self._channel.send(supplier.answer(name, args, kwargs), Opaque.of)
                    case Shown():
                        pass
                    case answer:
                        return answer

    def close(self) -> None:
        """Kill the process; when this returns, all that it started and all its files are gone.

        If they are not in time, the budget refuses everything from then on.
        """
        self._theirs.close()
        self._channel.connection.close()
        self._watching.close()
        if self._watchdog is not None:
            self._budget.spend(self._watchdog.cpu)
        if self._process is not None and not self._process.kill(self.limits.stop):
            why = f"its processes were killed and not gone {self.limits.stop:g} s later"
            self._budget.refuse(Stopped("died", why))

    def _send(self, request: Mapping[str, Any], seconds: float) -> None:
        self._flood = 0
        self._give(seconds)
        self._channel.send(request)

    def _give(self, seconds: float) -> None:
        """Give the other end that many seconds for what comes next."""
        self._channel.give(seconds, self._budget.seconds + OVERTIME)

    def _answer(self) -> Message:
        """Return the next message; raises Stopped if they are too many."""
        answer = message(self._channel.receive())
        # Each message costs us something, however short it is.
        size = max(self._channel.received, self.limits.message_price)
        self._budget.receive(size)
        self._flood += size
        if self._flood > self.limits.flood_bytes:
            raise Stopped("output", f"printed or showed more than {self.limits.flood_bytes // MIB} MiB")
        return answer

    @contextlib.contextmanager
    def _blamed(self, seconds: float) -> Iterator[None]:
        """Turn what ends the exchange into Stopped."""
        try:
            yield
        except TimeoutError:
            raise Stopped("timeout", f"did not finish within {seconds:.3g} s") from None
        except (EOFError, OSError):
            raise self._ended() from None
        except FrameError:
            raise Stopped("died", "sent something else than an answer") from None

    def _ended(self) -> Exception:
        """Return why the process is gone: what the watchdog saw, or else how it ended."""
        excess = self._watchdog.excess if self._watchdog else None
        if excess is None:
            return Stopped("cpu" if self._code() == 128 + signal.SIGXCPU else "died", self._cause())
        if excess.status == "internal_error":
            return SandboxError(f"A submission {excess.message}.")
        if excess.status == "cpu":
            return Stopped("cpu", f"used up the {self.limits.total_cpu:g} s of processor time that a submission has")
        return Stopped(excess.status, excess.message)

    def _code(self) -> int:
        assert self._process is not None
        return self._process.wait(SPARE) or 0

    def _cause(self) -> str:
        """Return how the process ended, as far as its code says that."""
        ended, code = "ended the Python process", self._code()
        try:
            return f"{ended} ({signal.strsignal(code - 128)})" if code > 128 else ended
        except ValueError:
            return ended


class PatientChannel(Channel):
    """A channel whose deadline moves while the other end waits for a processor: that is not the submission's fault.

    Where its own threads and processes have the processor meanwhile, the deadline stays: it keeps itself waiting.
    """

    def __init__(self, connection: socket.socket, limits: FrameLimits) -> None:
        super().__init__(connection, limits)
        self._process: Path | None = None
        self._used: Callable[[], float] = lambda: 0.0

    def count(self, used: Callable[[], float]) -> None:
        """Let ``used`` say what all processes of the other end have used, in seconds of CPU."""
        self._used = used

    def watch(self, pid: int) -> None:
        """Take process ``pid`` for the other end."""
        self._process = Path(f"/proc/{pid}/schedstat")

    def give(self, seconds: float, most: float) -> None:
        """Give the other end that many seconds from now on, and never more than ``most``."""
        now = time.monotonic()
        self.deadline = now + seconds
        self._last = now + min(MAX_PATIENCE * seconds, most)
        self._starved = self._waited_for_others()

    def _postponed(self) -> bool:
        assert self.deadline is not None
        starved = self._waited_for_others()
        late, self._starved = starved - self._starved, starved
        if late < SHORTEST_DELAY or self.deadline >= self._last:
            return False
        self.deadline = min(self.deadline + late, self._last)
        return True

    def _waited_for_others(self) -> float:
        """Return the seconds that the process was ready to run and was not let, less what its own kin ran meanwhile.

        Its kin are its other threads and processes. 0 if nothing is known.
        """
        if self._process is None:
            return 0.0
        try:
            ran, waited = (int(field) / 1e9 for field in self._process.read_text().split()[:2])
        except (OSError, ValueError):
            return 0.0
        return waited - max(0.0, self._used() - ran)
