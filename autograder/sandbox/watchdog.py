"""Watches from outside what all processes of one sandbox use together, and ends the sandbox when it is too much.

The operating system's limits hold for each process; a hundred processes may use a hundred times as much.
Nothing here waits for the submission, and what a process prints or calls itself is not read.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import psutil

from autograder.sandbox import bubblewrap
from autograder.sandbox.limits import GIB, Bounds

INTERVAL = 0.1  # s between two looks; one takes less than 1 ms for 15 processes
EXACT = 0.5  # s that finding out about shared memory may take
STOP = 2.0  # s to wait for the last look
FOLDERS = ("/tmp", bubblewrap.HOME, "/dev/shm")
INODE = 1024  # bytes that a file in memory takes besides its contents
TICK = 1 / os.sysconf("SC_CLK_TCK")
logger = logging.getLogger(__name__)
logger.addHandler(logging.NullHandler())


@dataclass(frozen=True)
class Excess:
    """Why a sandbox was ended: ``status`` is memory, cpu, processes or ours; ``message`` says what it did."""

    status: str
    message: str


@dataclass(frozen=True)
class Usage:
    """What a sandbox uses: bytes, seconds of CPU, processes and threads."""

    memory: int
    cpu: float
    processes: int


class Gone(Exception):
    """The processes to watch have ended."""


class Watchdog:
    """A context manager that watches the sandbox whose bubblewrap is process ``pid``; leave it before reaping that.

    When it is too much, ``excess`` says what, and then ``end`` is called, which must kill the sandbox.
    A sandbox that cannot be watched is ended, too: that is a fault of ours.
    """

    def __init__(self, pid: int, bounds: Bounds, end: Callable[[], None]) -> None:
        self.excess: Excess | None = None
        self.cpu = 0.0  # seconds that the sandbox has used until the last look
        self._meter = Meter(pid, min(bounds.memory, psutil.virtual_memory().total // 2))
        self._bounds = bounds
        self._end = end
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)

    def __enter__(self) -> Watchdog:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join(STOP)
        if self.excess is None and not self._thread.is_alive():
            with contextlib.suppress(Gone, OSError, ValueError):
                self._look()

    def _watch(self) -> None:
        try:
            while self.excess is None and not self._over.wait(INTERVAL):
                self.excess = self._judge(self._look())
        except Gone:
            return
        except Exception:
            logger.exception("the watchdog of a sandbox failed")
            self.excess = Excess("ours", "could not be watched any more")
        if self.excess is not None:
            self._end()

    def _look(self) -> Usage:
        usage = self._meter.read()
        self.cpu = usage.cpu
        return usage

    def _judge(self, usage: Usage) -> Excess | None:
        if usage.memory > self._meter.memory:
            return Excess("memory", f"used more than {_gib(self._meter.memory)} of memory")
        if usage.cpu > self._bounds.cpu:
            return Excess("cpu", f"used more than {self._bounds.cpu:g} s of processor time")
        if usage.processes >= self._bounds.processes:
            return Excess("processes", f"had {self._bounds.processes} processes and threads at once")
        available = psutil.virtual_memory().available
        if available < self._bounds.reserve and usage.memory > self._bounds.fair:
            return Excess("memory", f"used more than {_gib(self._bounds.fair)} when the machine had no memory left")
        if available < self._bounds.reserve // 2:
            return Excess("ours", "was stopped, because the machine had no memory left")
        return None


class Meter:
    """Reads what the processes below process ``pid`` use; above ``memory`` bytes it looks more closely.

    ``pid`` is the parent of a process namespace's first process, below which everything stays whose parents end.
    Pages that a process shares with its forks are at first counted once for each, which is quick and never too low.
    Only if that is above ``memory`` the kernel is asked for shares, which takes it milliseconds for each gigabyte.
    What does not get done within ``EXACT`` stays counted in full: making it slow gains nothing.
    """

    def __init__(self, pid: int, memory: int) -> None:
        self.memory = memory
        self._pid = pid
        self._foreign: set[int] = set()
        self._last: dict[tuple[int, int], float] = {}
        self._ended = 0.0
        self._cpu = 0.0

    def read(self) -> Usage:
        """Return what the processes use; raises Gone when ``pid`` has ended."""
        processes = self._below()
        memory, seconds = self._memory(processes), self._seconds(processes)
        return Usage(memory, seconds, sum(process.threads for process in processes))

    def _below(self) -> list[_Process]:
        """Return the processes below ``pid``.

        The kernel lists processes by rising numbers, and what forks while we read is found among the higher ones.
        """
        listed = sorted(int(name) for name in os.listdir("/proc") if name.isdigit())
        # Who was there and nobody's child of ours stays so; most of a machine's processes are read only once.
        self._foreign.intersection_update(listed)
        seen = {pid: found for pid in listed if pid not in self._foreign and (found := _process(pid)) is not None}
        if self._pid not in seen or seen[self._pid].state == b"Z":
            raise Gone
        below = []
        for process in seen.values():
            top = _top(process, seen, self._pid)
            if top.pid == self._pid:
                below.append(process)
            elif top.parent == 0 or top.parent in self._foreign:
                self._foreign.add(process.pid)
            # Otherwise a parent has ended meanwhile, and the next look will tell whose it is.
        return [process for process in below if process.pid != self._pid]

    def _memory(self, processes: list[_Process]) -> int:
        total = sum(process.pages for process in processes)
        total += sum(_files(each.pid) + _sockets(each.pid) for each in processes if each.parent == self._pid)
        deadline = time.monotonic() + EXACT
        for process in sorted(processes, key=lambda process: -process.pages):
            if total <= self.memory or time.monotonic() > deadline:
                break
            total -= process.pages - min(process.pages, _share(process))
        return total

    def _seconds(self, processes: list[_Process]) -> float:
        """Return the seconds of CPU that the processes have used since each began.

        Two sums, neither of them ever too high: what was seen of each process up to its last look,
        and what living processes count for themselves and for the children that they have waited for.
        """
        own = {(process.pid, process.born): process.own for process in processes}
        self._ended += sum(seconds for key, seconds in self._last.items() if key not in own)
        self._last = own
        seen = self._ended + sum(own.values())
        self._cpu = max(self._cpu, seen, sum(process.own + process.children for process in processes))
        return self._cpu


@dataclass(frozen=True)
class _Process:
    pid: int
    parent: int
    state: bytes
    born: int  # ticks after the start of the machine
    threads: int
    own: float  # s of CPU
    children: float  # s of CPU of those that it has waited for
    pages: int  # bytes of memory that no file on a disk backs


def _process(pid: int) -> _Process | None:
    """Return what /proc tells of process ``pid``, None if it has ended."""
    try:
        # The name of a program may hold spaces and brackets, but no field after it does.
        fields = _read(f"{pid}/stat").rpartition(b")")[2].split()
        pages = _kib(_read(f"{pid}/status"), "RssAnon", "RssShmem", "VmSwap") or 0
    except OSError:
        return None
    own, children = (sum(map(int, fields[at : at + 2])) * TICK for at in (11, 13))
    return _Process(pid, int(fields[1]), fields[0], int(fields[19]), int(fields[17]), own, children, pages)


def _top(process: _Process, seen: Mapping[int, _Process], end: int) -> _Process:
    """Return the highest known one of those above ``process``, but none above process ``end``."""
    # The bound is for numbers that are given out again while we read.
    for _ in seen:
        if process.pid == end or process.parent not in seen:
            break
        process = seen[process.parent]
    return process


def _share(process: _Process) -> int:
    """Return the bytes of ``process`` with shared pages divided by those who share them; all if it is not known."""
    try:
        share = _kib(_read(f"{process.pid}/smaps_rollup"), "Pss_Anon", "Pss_Shmem", "SwapPss")
    except (FileNotFoundError, ProcessLookupError):
        return 0
    except PermissionError:
        share = None
    return process.pages if share is None else share


def _files(first: int) -> int:
    """Return the bytes of the files that a sandbox has in memory; what a process maps of them counts a second time."""
    total = 0
    for folder in FOLDERS:
        path = f"/proc/{first}/root{folder}"
        try:
            # While bubblewrap sets the sandbox up, its folders may still be the host's.
            if os.path.exists(folder) and os.stat(path).st_dev == os.stat(folder).st_dev:
                continue
            found = os.statvfs(path)
        except OSError:
            continue
        total += (found.f_blocks - found.f_bfree) * found.f_frsize + (found.f_files - found.f_ffree) * INODE
    return total


def _sockets(first: int) -> int:
    """Return the bytes that may wait in a sandbox's sockets; no process counts them as its own."""
    try:
        found = re.search(rb"sockets: used (\d+)", _read(f"{first}/net/sockstat"))
    except OSError:
        return 0
    return int(found[1]) * _socket_buffer() if found else 0


def _read(path: str) -> bytes:
    with open(f"/proc/{path}", "rb", buffering=0) as file:
        return file.readall()


def _kib(text: bytes, *names: str) -> int | None:
    """Return the sum in bytes of the lines ``names`` of a file like /proc/<pid>/status, None if there are none."""
    found = re.findall(rf"^(?:{'|'.join(names)}):\s*(\d+) kB".encode(), text, re.MULTILINE)
    return sum(map(int, found)) * 1024 if found else None


@functools.cache
def _socket_buffer() -> int:
    return int(Path("/proc/sys/net/core/wmem_default").read_text())


def _gib(size: int) -> str:
    return f"{size / GIB:.3g} GiB"
