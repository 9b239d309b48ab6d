"""One Python process that executes a submission's cells, and the socket to it."""

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

from autograder.errors import SandboxError, Stopped, TooLarge
from autograder.sandbox.inside.frames import Channel, FrameError, FrameLimits
from autograder.sandbox.launch import Launch, Process, innermost
from autograder.sandbox.limits import MIB, Limits
from autograder.sandbox.messages import Fault, Message, Question, Ran, Ready, Shown, message
from autograder.sandbox.outputs import Outputs
from autograder.sandbox.reference_supplier import Supplier
from autograder.sandbox.remaining_budget import Budget
from autograder.sandbox.watchdog import Watchdog
from rnnlab.checking.calling import Opaque

MAX_EXTENSION = 3  # times the limit: how far a deadline moves for a process that waits for a processor
MIN_DELAY = 0.1  # s of waiting for a processor for which the deadline moves
EXIT_TIMEOUT = 1.0  # s to learn how a process ended
OVERTIME = 10.0  # s by which a deadline may move beyond the submission's time


class Kernel:
    """A process that executes cells and calls functions; ``close`` leaves nothing of it behind.

    Whatever it sends or does not send, every exchange has a deadline and a limit of bytes.
    What it uses is subtracted from ``budget``.
    """

    def __init__(self, launch: Launch, limits: Limits, budget: Budget) -> None:
        self.limits = limits
        self._budget = budget
        self._launch = launch
        self._process: Process | None = None
        host_end, self._agent_end = socket.socketpair()
        self._channel = PatientChannel(host_end, limits.frame)
        self._watching = contextlib.ExitStack()
        self._watchdog: Watchdog | None = None
        self._flood = 0

    def start(self) -> None:
        """Start the process and wait until it answers; raises SandboxError."""
        try:
            with self._agent_end:
                self._process = self._launch(self._agent_end, self.limits)
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

        Its outputs are added to ``outputs``, or dropped.
        Raises Stopped if the process ended, TooLarge if the source does not fit into a frame.
        """
        with self._stopping(seconds):
            try:
                self._send({"op": "run", "source": source}, seconds)
            except FrameError:
                raise TooLarge("size", f"was not executed: its {len(source):,} characters are too many") from None
            while not isinstance(answer := self._answer(), Ran):
                if not isinstance(answer, Shown):
                    raise FrameError("a cell cannot answer that")
                if outputs is not None:
                    outputs.add(answer.kind, answer.content)
            return answer.faults

    def ask(self, request: Mapping[str, Any], supplier: Supplier, seconds: float) -> Message:
        """Return the answer to a request, after computing the supplied functions that it calls meanwhile.

        Raises Stopped if there is no answer in time, or if the process ended; ValueError if the request does not fit
        into a frame.
        """
        with self._stopping(seconds):
            try:
                self._send(request, seconds)
            except FrameError as error:
                # A property may call the function with what the submission returned.
                raise ValueError(f"these inputs do not fit into a frame: {error}") from error
            while True:
                match self._answer():
                    case Question(name, args, kwargs) if name in request["supply"]:
                        self._channel.send(supplier.answer(name, args, kwargs), Opaque.of)
                    case Shown():
                        pass
                    case answer:
                        return answer

    def close(self) -> None:
        """Kill the process; when this returns, all its child processes and files are gone.

        If they are not gone in time, the budget refuses everything from then on.
        """
        self._agent_end.close()
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
        """Set the deadline for what comes next."""
        self._channel.give(seconds, self._budget.seconds + OVERTIME)

    def _answer(self) -> Message:
        """Return the next message; raises Stopped if there are too many."""
        answer = message(self._channel.receive())
        # Reading a message costs something, however short it is.
        size = max(self._channel.received, self.limits.message_price)
        self._budget.receive(size)
        self._flood += size
        if self._flood > self.limits.flood_bytes:
            raise Stopped("output", f"printed or showed more than {self.limits.flood_bytes // MIB} MiB")
        return answer

    @contextlib.contextmanager
    def _stopping(self, seconds: float) -> Iterator[None]:
        """Raise Stopped in place of whatever ends the exchange."""
        try:
            yield
        except TimeoutError:
            raise Stopped("timeout", f"did not finish within {seconds:.3g} s") from None
        except (EOFError, OSError):
            raise self._ended() from None
        except FrameError:
            raise Stopped("died", "sent something other than an answer") from None

    def _ended(self) -> Exception:
        """Return the exception for a process that has ended: what the watchdog saw, or else how it exited."""
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
        return self._process.wait(EXIT_TIMEOUT) or 0

    def _cause(self) -> str:
        """Return how the process ended, with the signal if its exit code names one."""
        ended, code = "ended the Python process", self._code()
        try:
            return f"{ended} ({signal.strsignal(code - 128)})" if code > 128 else ended
        except ValueError:
            return ended


class PatientChannel(Channel):
    """A channel whose deadline moves while the other end waits for a processor, which is not the submission's fault.

    The deadline stays while its own threads and processes keep the processors busy.
    """

    def __init__(self, connection: socket.socket, limits: FrameLimits) -> None:
        super().__init__(connection, limits)
        self._process: Path | None = None
        self._used: Callable[[], float] = lambda: 0.0

    def count(self, used: Callable[[], float]) -> None:
        """Let ``used`` return the seconds of CPU that all processes of the other end have used."""
        self._used = used

    def watch(self, pid: int) -> None:
        """Watch process ``pid`` as the other end."""
        self._process = Path(f"/proc/{pid}/schedstat")

    def give(self, seconds: float, most: float) -> None:
        """Set the deadline in ``seconds`` from now; it moves to at most ``most`` seconds from now."""
        now = time.monotonic()
        self.deadline = now + seconds
        self._last = now + min(MAX_EXTENSION * seconds, most)
        self._starved = self._waited_for_others()

    def _postponed(self) -> bool:
        assert self.deadline is not None
        starved = self._waited_for_others()
        late, self._starved = starved - self._starved, starved
        if late < MIN_DELAY or self.deadline >= self._last:
            return False
        self.deadline = min(self.deadline + late, self._last)
        return True

    def _waited_for_others(self) -> float:
        """Return the seconds that the process waited for a processor, less what its other threads and processes used.

        0 if that is not known.
        """
        if self._process is None:
            return 0.0
        try:
            ran, waited = (int(field) / 1e9 for field in self._process.read_text().split()[:2])
        except (OSError, ValueError):
            return 0.0
        return waited - max(0.0, self._used() - ran)
