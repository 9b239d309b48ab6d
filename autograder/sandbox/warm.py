"""The host's side of warm starts: a sandbox in which a warm process forks for each submission."""

from __future__ import annotations

import contextlib
import os
import select
import signal
import socket

from autograder.sandbox import launch
from autograder.sandbox.inside.zygote import ENDED, FORK, KILL
from autograder.sandbox.limits import LIMITS, Limits

# What IPython and the course import when a cell draws.
DRAWING = "import matplotlib.pyplot, matplotlib_inline.backend_inline, rnnlab"


class Warm:
    """Starts processes as forks of one that has imported everything; one submission lives at a time.

    It is a `launch.Launch`: called with a connection, it returns a process.
    ``imports`` is Python code that imports what submissions use; other imports take their usual time.
    """

    def __init__(self, limits: Limits = LIMITS, imports: str = f"{DRAWING}, torch") -> None:
        self.limits = limits
        self.imports = imports
        self._sandbox: launch.Sandbox | None = None
        self._control: socket.socket | None = None

    def __call__(self, connection: socket.socket, limits: Limits) -> launch.Process:
        """Return a fork that answers at ``connection``; raises OSError if no warm process can be started."""
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
        """The process id of the sandbox on the host; None if none is running."""
        return self._sandbox.pid if self._sandbox else None

    def close(self) -> None:
        """End the sandbox and everything in it."""
        if self._control is not None:
            self._control.close()
            self._control = None
        if self._sandbox is not None:
            self._sandbox.kill(self.limits.stop)
            self._sandbox = None

    def _start(self) -> None:
        host_end, zygote_end = socket.socketpair()
        with zygote_end:
            self._sandbox = launch.Sandbox(zygote_end, self.limits, imports=self.imports)
        self._control = host_end
        if not self._received(self.limits.start):
            self._sandbox.wait(self.limits.stop)  # it may still have to write why it is ending
            complaint = self.complaint()
            self.close()
            raise OSError(f"the warm process did not start: {complaint}")
        self._zygote = launch.innermost(self._sandbox.pid)

    def wait_exit_code(self, seconds: float) -> int | None:
        """Wait for the fork's exit code; return None if it has not ended after ``seconds``.

        If the warm process itself has ended, its fork has, too: the sandbox is closed, and 0 returned.
        """
        if self._control is None:
            return 0
        message = self._received(seconds)
        if message is None:
            return None
        if len(message) <= len(ENDED):
            self.close()
            return 0
        return message[-1]

    def complaint(self) -> str:
        """Return the last line that the warm process, or a fork before it was isolated, wrote to standard error."""
        return (self._sandbox.complaint() if self._sandbox else "") or "it gave no reason"

    def _received(self, seconds: float) -> bytes | None:
        """Return the warm process's next message; None if none comes in ``seconds``, empty if it is gone."""
        assert self._control is not None
        ready, _, _ = select.select([self._control], [], [], seconds)
        if not ready:
            return None
        try:
            return self._control.recv(len(ENDED) + 1)
        except ConnectionError:
            return b""

    def order_kill(self) -> None:
        """Have the fork and its descendants killed."""
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
            self._code = self._warm.wait_exit_code(seconds)
        return self._code

    def kill(self, seconds: float) -> bool:
        """See `launch.Process`; if the fork does not end in time, the whole sandbox is closed."""
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
