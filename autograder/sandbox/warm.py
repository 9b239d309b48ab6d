"""The host's side of warm starts: one sandbox in which a warm process waits and forks for each submission."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket

from autograder.sandbox import launch
from autograder.sandbox.inside.zygote import ENDED, FORK, KILL
from autograder.sandbox.limits import LIMITS, Limits

# What cells that draw make IPython and the course import.
DRAWING = "import matplotlib.pyplot, matplotlib_inline.backend_inline, rnnlab"


class Warm:
    """Starts processes as forks of one that has imported everything; one submission lives at a time.

    It is a `launch.Launch`: called with a connection, it returns a process.
    ``imports`` is what it imports, as Python code; what a submission imports besides takes its usual time.
    """

    def __init__(self, limits: Limits = LIMITS, imports: str = f"{DRAWING}, torch") -> None:
        self.limits = limits
        self.imports = imports
        self._sandbox: launch.Sandbox | None = None
        self._control: socket.socket | None = None

    def __call__(self, connection: socket.socket, limits: Limits) -> launch.Process:
        """Return a fork that answers at ``connection``; raises OSError if there is no warm process to be had."""
        if limits != self.limits:
            raise ValueError("a warm process was started with other limits")
        if self._sandbox is None:
            self._start()
        assert self._sandbox is not None
        assert self._control is not None
        try:
            socket.send_fds(self._control, [FORK], [connection.fileno()])
        except OSError:
            self.close()
            raise
        return Fork(self, self._zygote)

    @property
    def pid(self) -> int | None:
        """The host's number of the sandbox, None if none is running."""
        return self._sandbox.pid if self._sandbox else None

    def close(self) -> None:
        """End the sandbox with everything in it."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._sandbox is not None:
            self._sandbox.kill(self.limits.stop)
            self._sandbox = None

    def _start(self) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            self._sandbox = launch.Sandbox(theirs, self.limits, imports=self.imports)
        self._control = ours
        if not self._said(self.limits.start):
            self._sandbox.wait(self.limits.stop)  # one that is ending may still have to say why
            complaint = self.complaint()
            self.close()
            raise OSError(f"the warm process did not start: {complaint}")
        self._zygote = launch.innermost(self._sandbox.pid)

    def told(self, seconds: float) -> int | None:
        """Return what the warm process says of its fork within that many seconds: its exit code, None if nothing.

        A warm process that is gone has taken its fork along, and is let go of.
        """
        if self._control is None:
            return 0
        said = self._said(seconds)
        if said is None:
            return None
        if len(said) <= len(ENDED):
            self.close()
            return 0
        return said[-1]

    def complaint(self) -> str:
        """Return the last line that the warm process wrote, or a fork of it that was being isolated."""
        return (self._sandbox.complaint() if self._sandbox else "") or "it gave no reason"

    def _said(self, seconds: float) -> bytes | None:
        """Return what the warm process says within that many seconds, None if nothing; it is empty if that is gone."""
        assert self._control is not None
        ready, _, _ = select.select([self._control], [], [], seconds)
        if not ready:
            return None
        try:
            return self._control.recv(len(ENDED) + 1)
        except ConnectionError:
            return b""

    def order_kill(self) -> None:
        """Have the fork and all that it started killed."""
        if self._control is not None:
            with contextlib.suppress(OSError):
                self._control.sendall(KILL)


class Fork:
    """A `launch.Process` that was forked from the warm one."""

    isolated = True

    def __init__(self, warm: Warm, zygote: int) -> None:
        self._warm = warm
        self._zygote = zygote
        self._code: int | None = None
        self._descriptor: int | None = None

    @property
    def pid(self) -> int:
        """See `launch.Process`."""
        (pid,) = launch.children(self._zygote) or (0,)
        if self._descriptor is None:
            self._descriptor = os.pidfd_open(pid)
        return pid

    def end(self) -> None:
        """See `launch.Process`."""
        if self._descriptor is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._descriptor, signal.SIGKILL)

    def wait(self, seconds: float) -> int | None:
        """See `launch.Process`."""
        if self._code is None:
            self._code = self._warm.told(seconds)
        return self._code

    def kill(self, seconds: float) -> bool:
        """See `launch.Process`; a fork that does not go takes the warm process along."""
        if self._code is None:
            self._warm.order_kill()
        if self.wait(seconds) is None:
            self._warm.close()
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
        return True

    def complaint(self) -> str:
        """See `launch.Process`."""
        return self._warm.complaint()
