"""One kernel from its start to its end: its private folder, its channels, the thread that listens to it."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import copy
import functools
import logging
import math
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Coroutine
from pathlib import Path
from queue import Empty
from typing import IO, Any, TypeVar

import zmq.asyncio
from jupyter_client import AsyncKernelClient, AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode

from autograder import provisioner, sandbox
from autograder.inside.frames import Channel
from autograder.limits import Limits
from autograder.outputs import BoundedClient

T = TypeVar("T")
SPARE = 1.0  # s that the supervisor leaves the event loop to notice a timeout by itself
MESSAGES_WAITING = 16
SOCKET = "socket"
logger = logging.getLogger(__name__)
logger.addHandler(logging.NullHandler())


class SandboxError(Exception):
    """The sandbox or the kernel in it did not work: our fault, never the submission's."""


class Stopped(Exception):
    """The submission was stopped: ``status`` is timeout, memory or died, ``message`` one sentence."""

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Kernel:
    """A running kernel for the notebook ``nb``; ``close`` leaves nothing of it behind.

    Everything that waits has a bound, and the thread that waits is not the one that listens to the kernel:
    no flood of messages can keep it from stopping the sandbox.
    """

    def __init__(self, nb: NotebookNode, trusted: bool, limits: Limits) -> None:
        self.limits = limits
        self.trusted = trusted
        self.process: subprocess.Popen[bytes] | None = None
        self.channel: Channel | None = None
        self.client: BoundedClient | None = None
        self.channels: AsyncKernelClient | None = None
        self.nb = nb
        self._module = "autograder.inside.agent" if trusted else "inside.agent"
        self.folder = Path(tempfile.mkdtemp(prefix="kernel-"))
        self.connection = self.folder / "connection"
        self.agent = self.folder / "agent"
        self.log: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115
        self.listener = socket.socket(socket.AF_UNIX)
        self.context = zmq.asyncio.Context()
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, name="kernel", daemon=True)
        self.thread.start()

    def start(self) -> None:
        """Start the kernel and wait until it answers; raises SandboxError."""
        try:
            self._run(self._start(), self.limits.start)
        except Exception as error:
            self.kill()
            self.log.seek(0)
            said = self.log.read(2000).decode(errors="replace").strip().splitlines()
            raise SandboxError(f"The kernel did not start: {error or type(error).__name__} {said[-1:]}") from error

    def execute(self, index: int, count: int, seconds: float) -> None:
        """Execute the cell at ``index`` as the ``count``-th; raises Stopped if that ended the kernel."""
        assert self.client is not None
        cell = self.nb.cells[index]
        self.client.timeout = max(1, math.ceil(seconds))
        patience = self.client.timeout + self.limits.output + SPARE
        try:
            self._run(self.client.async_execute_cell(cell, index, execution_count=count), patience)
        except (CellTimeoutError, concurrent.futures.TimeoutError):
            raise Stopped("timeout", f"did not finish within {self.client.timeout} s") from None
        except DeadKernelError:
            raise Stopped("died", f"ended the Python process{self.cause()}") from None
        except (OSError, zmq.ZMQError) as error:
            raise SandboxError(f"The connection to the kernel failed: {error}") from error
        except Exception:
            raise Stopped("died", "sent messages that no kernel sends") from None

    def serve(self) -> Channel:
        """Let the agent in the kernel call home, and return the channel to it; raises Stopped."""
        assert self.process is not None
        deadline = time.monotonic() + self.limits.call
        self._run(self._ask_to_serve(), self.limits.call)
        while time.monotonic() < deadline and self.process.poll() is None:
            with contextlib.suppress(TimeoutError):
                connection, _ = self.listener.accept()
                self.channel = Channel(connection, self.limits.frame)
                return self.channel
        raise Stopped("died", f"The notebook's Python process does not answer any more{self.cause()}.")

    def cause(self) -> str:
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

    def kill(self) -> None:
        """Kill every process of the kernel at once."""
        if self.process is None or self.process.poll() is not None:
            return
        if self.trusted:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
        else:
            provisioner.kill(self.process.pid)

    def close(self) -> None:
        """Kill the kernel; when this returns, its processes, threads, sockets and files are gone."""
        self.kill()
        self.listener.close()
        if self.channel is not None:
            self.channel.connection.close()
        if self.process is not None:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(self.limits.stop)
            self.connection.chmod(0o700)
        try:
            self._run(self._close(), self.limits.stop)
        except concurrent.futures.TimeoutError:
            logger.error("a kernel could not be closed within %s s", self.limits.stop)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(self.limits.stop)
        if not self.thread.is_alive():
            self.loop.close()
        self.log.close()
        _remove(self.folder)

    def _run(self, work: Coroutine[Any, Any, T], seconds: float) -> T:
        """Do ``work`` in the kernel's thread; raises concurrent.futures.TimeoutError when the time is up."""
        future = asyncio.run_coroutine_threadsafe(work, self.loop)
        try:
            return future.result(seconds)
        except concurrent.futures.TimeoutError:
            self.kill()
            future.cancel()
            raise

    async def _start(self) -> None:
        readable = {str(self.agent): sandbox.AGENT, **self._prepare()}
        self.context.setsockopt(zmq.MAXMSGSIZE, self.limits.message_bytes)
        self.context.setsockopt(zmq.RCVHWM, MESSAGES_WAITING)
        self.manager = AsyncKernelManager(
            kernel_name=provisioner.PLAIN if self.trusted else provisioner.SANDBOXED,
            kernel_spec_manager=provisioner.Specs(limits=self.limits, readable=readable),
            transport="ipc",
            connection_file=str(self.connection / "kernel.json"),
            context=self.context,
            log=logger,
        )
        quiet: dict[str, Any] = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": self.log}
        await self.manager.start_kernel(cwd=str(self.folder / "work"), **quiet)
        assert isinstance(self.manager.provisioner, LocalProvisioner)
        self.process = self.manager.provisioner.process
        self.channels = self.manager.client(context=self.context)
        self.channels.start_channels(hb=False)
        self.channels.allow_stdin = False
        self.client = BoundedClient(
            self.nb,
            self.manager,
            limits=self.limits,
            allow_errors=True,
            record_timing=False,
            iopub_timeout=self.limits.output,
            log=logger,
        )
        self.client.kc = self.channels
        await self._ready(self.channels)
        # The agent loads before any code of the student's, so that it is the real one and its time is not theirs.
        reply = await self.channels.execute(f"__import__({self._module!r})", silent=True, reply=True)
        if reply["content"]["status"] != "ok":
            raise RuntimeError(f"the agent in the kernel did not load: {reply['content'].get('evalue')}")
        # Its sockets are there: from now on the kernel has nothing to write where the host will look.
        self.connection.chmod(0o550)

    def _prepare(self) -> dict[str, str]:
        """Fill the private folder; return the file in it that the sandbox sees, and where."""
        for folder in (self.connection, self.agent, self.folder / "work"):
            folder.mkdir()
        # Nobody gets here except through the folder above, which is closed, or through the sandbox's own mount.
        self.connection.chmod(0o700)
        self.agent.chmod(0o755)
        self.listener.bind(str(self.agent / SOCKET))
        (self.agent / SOCKET).chmod(0o666)
        self.listener.listen(1)
        self.listener.settimeout(0.1)
        name, text = font_list()
        fonts = self.folder / name
        fonts.write_text(text)
        fonts.chmod(0o644)
        return {str(fonts): f"{sandbox.MATPLOTLIB}/{name}"}

    async def _ready(self, channels: AsyncKernelClient) -> None:
        """Wait until requests are answered and what is printed arrives; jupyter_client's own way takes 0.2 s more."""
        while await self.manager.is_alive():
            try:
                await channels.kernel_info(reply=True, timeout=1)
                await channels.get_iopub_msg(timeout=0.1)
                return
            except (TimeoutError, Empty):
                continue
        raise DeadKernelError("the process ended at once")

    async def _ask_to_serve(self) -> None:
        assert self.channels is not None
        folder = str(self.agent) if self.trusted else sandbox.AGENT
        frame = self.limits.frame
        arguments = f"{f'{folder}/{SOCKET}'!r}, {(frame.size, frame.header, frame.depth, frame.items)}"
        # One expression: no name of ours appears among the student's.
        code = f"__import__({self._module!r}, fromlist=['serve']).serve({arguments})"
        self.channels.execute(code, silent=True, store_history=False, allow_stdin=False)

    async def _close(self) -> None:
        if self.channels is not None:
            self.channels.stop_channels()
        if self.process is not None:
            assert self.manager.provisioner is not None
            await self.manager.provisioner.wait()
            await self.manager.cleanup_resources()
        for task in asyncio.all_tasks() - {asyncio.current_task()}:
            task.cancel()
        self.context.destroy(linger=0)


@functools.cache
def font_list() -> tuple[str, str]:
    """Return the name and contents of matplotlib's list of its own fonts; without it each kernel looks for fonts."""
    from matplotlib import font_manager, get_data_path

    own = copy.copy(font_manager.fontManager)
    # The system's other fonts are left out: their paths would tell of the grader's home.
    own.ttflist = [font for font in own.ttflist if font.fname.startswith(get_data_path())]
    own.afmlist = [font for font in own.afmlist if font.fname.startswith(get_data_path())]
    name = f"fontlist-v{own.__version__}.json"
    with tempfile.TemporaryDirectory(prefix="kernel-") as folder:
        font_manager.json_dump(own, f"{folder}/{name}")
        return name, Path(folder, name).read_text()


def _remove(folder: Path) -> None:
    """Remove ``folder``, even if a submission left locked or very deep folders in it."""
    try:
        shutil.rmtree(folder)
    except (OSError, RecursionError):
        subprocess.run(["chmod", "-R", "u+rwx", str(folder)], capture_output=True)
        subprocess.run(["rm", "-rf", str(folder)], capture_output=True)
