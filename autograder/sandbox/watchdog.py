"""Watches from outside what all processes of a sandbox use together, and ends the sandbox when it is too much.

The operating system's limits apply to each process; a hundred processes can use a hundred times as much.
Nothing here waits for the submission or trusts what its processes write.
"""

from __future__ import annotations

import contextlib
import functools
import logging
import os
import re
import socket
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

import psutil

from autograder.sandbox import bubblewrap
from autograder.sandbox.limits import GIB, Bounds

POLL_INTERVAL = 0.1  # s between two readings; one takes less than 1 ms for 15 processes
EXACT_CPU = 0.5  # s of CPU that measuring shared memory may take
EXACT_TIMEOUT = 2.0  # s of wall time for the same, as a busy machine may keep the watchdog waiting
STOP_TIMEOUT = 2.0  # s to wait for the last reading
RELEASE_TIMEOUT = 10.0  # s for an ended sandbox's memory to become free
PRIVATE_FOLDERS = ("/tmp", bubblewrap.HOME, "/dev/shm")
# Upper bounds, in bytes, of kernel memory that no process and no file accounts for: of a file in memory besides its
# content, with a long name; of a mapping; and of a mapping for each process that it was inherited from.
INODE = 2048
MAPPING, INHERITED = 384, 64
MAX_MAPPINGS = int(Path("/proc/sys/vm/max_map_count").read_text()) if os.path.exists("/proc/sys/vm") else 2**16
# An abstract socket address, which one process at a time can bind: its owner may end a sandbox.
TURN_ADDRESS = "\0autograder-makes-room"
TICK = 1 / os.sysconf("SC_CLK_TCK")
logger = logging.getLogger(__name__)
logger.addHandler(logging.NullHandler())


@dataclass(frozen=True)
class Excess:
    """Why a sandbox was ended: ``status`` is memory, cpu, processes or internal_error; ``message`` what it did."""

    status: str
    message: str


@dataclass(frozen=True)
class Usage:
    """What a sandbox uses: bytes, seconds of CPU, processes and threads."""

    memory: int
    cpu: float
    processes: int


class _Gone(Exception):
    """The watched processes have ended."""


class Watchdog:
    """A context manager that watches the sandbox whose bubblewrap is process ``pid``; leave it before reaping that.

    When a limit is exceeded, ``end`` is called, which must kill the sandbox, and ``excess`` says why.
    A sandbox that cannot be watched is ended, too, as an internal error.
    """

    def __init__(self, pid: int, bounds: Bounds, end: Callable[[], None]) -> None:
        self._excess: Excess | None = None
        self.cpu = 0.0  # seconds that the sandbox had used at the last reading
        self._meter = Meter(pid, min(bounds.memory, psutil.virtual_memory().total // 2))
        self._bounds = bounds
        self._end = end
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="watchdog", daemon=True)
        self._available = _available()

    def __enter__(self) -> Watchdog:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self._over.set()
        self._thread.join(STOP_TIMEOUT)
        if self._excess is None and not self._thread.is_alive():
            with contextlib.suppress(_Gone, OSError, ValueError):
                self._look()

    @property
    def excess(self) -> Excess | None:
        """Why the sandbox was ended, None if it was not; waits while that is being determined."""
        if self._excess is not None:
            self._thread.join(2 * RELEASE_TIMEOUT)
        return self._excess

    def _watch(self) -> None:
        try:
            while self._excess is None and not self._over.wait(POLL_INTERVAL):
                available = _available()
                short = available < self._bounds.reserve
                self._excess = self._judge(self._look(self._bounds.fair if short else None), short)
                if self._excess is None and available < self._bounds.reserve // 2 and self._makes_room():
                    return
        except _Gone:
            return
        except Exception:
            logger.exception("the watchdog of a sandbox failed")
            self._excess = Excess("internal_error", "could no longer be watched")
        if self._excess is not None:
            self._end()

    def _look(self, above: int | None = None) -> Usage:
        usage = self._meter.read(above)
        self.cpu = usage.cpu
        return usage

    def _judge(self, usage: Usage, short: bool) -> Excess | None:
        if usage.memory > self._meter.memory:
            return Excess("memory", f"used more than {_gib(self._meter.memory)} of memory")
        if usage.cpu > self._bounds.cpu:
            return Excess("cpu", f"used more than {self._bounds.cpu:g} s of processor time")
        if usage.processes >= self._bounds.processes:
            return Excess("processes", f"had {self._bounds.processes} processes and threads at once")
        if short and usage.memory > self._bounds.fair:
            return Excess("memory", f"used more than {_gib(self._bounds.fair)} when the machine had no memory left")
        return None

    def _makes_room(self) -> bool:
        """End the sandbox because the machine has no memory left, and determine whether it took that.

        It may have more than what is counted. It is to blame if free memory fell while it ran and rose when it ended;
        otherwise this is an internal error, reported when memory is free again.
        One sandbox ends at a time, as that may be enough for the others. Return False if this one goes on.
        """
        with socket.socket(socket.AF_UNIX) as turn:
            try:
                turn.bind(TURN_ADDRESS)
            except OSError:
                return False
            before = _available()
            if before >= self._bounds.reserve:
                return False
            self._excess = Excess("internal_error", "was stopped, because the machine had no memory left")
            self._end()
            self._wait(self._gone)
            self._wait(lambda: _available() - before > self._bounds.fair, RELEASE_TIMEOUT / 10)
            back, fell = _available() - before, self._available - before
        if min(back, fell) > self._bounds.fair:
            self._excess = Excess("memory", f"took {_gib(min(back, fell))} of memory, the last that the machine had")
        else:
            self._wait(lambda: _available() >= self._bounds.reserve)
        return True

    def _wait(self, done: Callable[[], bool], seconds: float = RELEASE_TIMEOUT) -> None:
        """Wait until ``done``, at most ``seconds``."""
        deadline = time.monotonic() + seconds
        while not done() and time.monotonic() < deadline and not self._over.wait(POLL_INTERVAL / 2):
            pass

    def _gone(self) -> bool:
        try:
            self._meter.read()
        except _Gone:
            return True
        return False


class Meter:
    """Measures what the descendants of process ``pid`` use; exactly only if that may be above ``memory`` bytes.

    ``pid`` is the parent of a process namespace's first process, which adopts everything below it whose parent ends.
    At first, pages that forks share are counted for each, and mappings as the maximum, which is fast and never too low.
    Only if that is above ``memory`` are mappings counted, and then the kernel is asked for proportional shares, which
    takes milliseconds per gigabyte.
    What is not measured within ``EXACT_CPU`` stays counted in full: slowing this down gains nothing. Waiting for a
    processor does not count, or processes that keep all of them busy would be charged for memory that they share.
    """

    def __init__(self, pid: int, memory: int) -> None:
        self.memory = memory
        self._pid = pid
        self._foreign: set[int] = set()
        self._last: dict[tuple[int, int], float] = {}
        self._ended = 0.0
        self._cpu = 0.0

    def read(self, above: int | None = None) -> Usage:
        """Return what the processes use, exactly from ``above`` bytes on if that is less than ``memory``.

        Raises _Gone when ``pid`` has ended.
        """
        processes = self._below()
        memory = self._memory(processes, self.memory if above is None else min(above, self.memory))
        seconds = self._seconds(processes)
        return Usage(memory, seconds, sum(process.threads for process in processes))

    def _below(self) -> list[_Process]:
        """Return the processes below ``pid``.

        The kernel lists processes by rising ids, so those that are forked during the listing are found at its end.
        """
        listed = sorted(int(name) for name in os.listdir("/proc") if name.isdigit())
        # What is not below ``pid`` never will be, so most of a machine's processes are read only once.
        self._foreign.intersection_update(listed)
        seen = {pid: found for pid in listed if pid not in self._foreign and (found := _process(pid)) is not None}
        if self._pid not in seen or seen[self._pid].state == b"Z":
            raise _Gone
        below = []
        for process in seen.values():
            top = _top(process, seen, self._pid)
            if top.pid == self._pid:
                below.append(process)
            elif top.parent == 0 or top.parent in self._foreign:
                self._foreign.add(process.pid)
            # Otherwise a parent has ended meanwhile, and the next reading will tell where it belongs.
        return [process for process in below if process.pid != self._pid]

    def _memory(self, processes: list[_Process], above: int) -> int:
        mapping = MAPPING + INHERITED * len(processes)
        most = MAX_MAPPINGS * mapping
        total = sum(process.pages + process.tables + most for process in processes)
        total += sum(_files(each.pid) + _sockets(each.pid) for each in processes if each.parent == self._pid)
        latest, most_cpu = time.monotonic() + EXACT_TIMEOUT, time.thread_time() + EXACT_CPU
        closer: list[Callable[[_Process], int]] = [
            lambda process: most - min(MAX_MAPPINGS, _mappings(process)) * mapping,
            lambda process: process.pages - min(process.pages, _share(process)),
        ]
        for less in closer:
            for process in sorted(processes, key=lambda process: -process.pages):
                if total <= above or time.monotonic() > latest or time.thread_time() > most_cpu:
                    return total
                total -= less(process)
        return total

    def _seconds(self, processes: list[_Process]) -> float:
        """Return the seconds of CPU that the processes have used since each began.

        The larger of two sums, neither ever too high: what each process had used when it was last read,
        and what living processes report for themselves and the children that they have waited for.
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
    children: float  # s of CPU of children that it has waited for
    pages: int  # bytes of memory not backed by a file on disk
    tables: int  # bytes of its page tables


def _process(pid: int) -> _Process | None:
    """Return what /proc says about process ``pid``, None if it has ended."""
    try:
        # A program's name may contain spaces and brackets; no field after it does.
        fields = _read(f"{pid}/stat").rpartition(b")")[2].split()
        status = _read(f"{pid}/status")
    except OSError:
        return None
    own, children = (sum(map(int, fields[at : at + 2])) * TICK for at in (11, 13))
    pages, tables = _kib(status, "RssAnon", "RssShmem", "VmSwap") or 0, _kib(status, "VmPTE") or 0
    return _Process(pid, int(fields[1]), fields[0], int(fields[19]), int(fields[17]), own, children, pages, tables)


def _top(process: _Process, seen: Mapping[int, _Process], end: int) -> _Process:
    """Return the topmost known ancestor of ``process``, up to process ``end``."""
    # Bounded, in case process ids are reused during the reading.
    for _ in seen:
        if process.pid == end or process.parent not in seen:
            break
        process = seen[process.parent]
    return process


def _share(process: _Process) -> int:
    """Return the bytes of ``process``, shared pages divided by the number of sharers; all if that is not known."""
    try:
        share = _kib(_read(f"{process.pid}/smaps_rollup"), "Pss_Anon", "Pss_Shmem", "SwapPss")
    except (FileNotFoundError, ProcessLookupError):
        return 0
    except PermissionError:
        share = None
    return process.pages if share is None else share


def _mappings(process: _Process) -> int:
    """Return the number of mappings of ``process``; the maximum if it is not known."""
    try:
        return _read(f"{process.pid}/maps").count(b"\n")
    except (FileNotFoundError, ProcessLookupError):
        return 0
    except PermissionError:
        return MAX_MAPPINGS


def _files(first: int) -> int:
    """Return the bytes of the files that a sandbox has in memory; mapped parts of them count twice."""
    total = 0
    for folder in PRIVATE_FOLDERS:
        path = f"/proc/{first}/root{folder}"
        try:
            # While bubblewrap sets up the sandbox, its folders may still be the host's.
            if os.path.exists(folder) and os.stat(path).st_dev == os.stat(folder).st_dev:
                continue
            found = os.statvfs(path)
        except OSError:
            continue
        total += (found.f_blocks - found.f_bfree) * found.f_frsize + (found.f_files - found.f_ffree) * INODE
    return total


def _sockets(first: int) -> int:
    """Return the bytes that a sandbox's sockets may buffer, which no process accounts for."""
    try:
        found = re.search(rb"sockets: used (\d+)", _read(f"{first}/net/sockstat"))
    except OSError:
        return 0
    return int(found[1]) * _socket_buffer() if found else 0


def _read(path: str) -> bytes:
    with open(f"/proc/{path}", "rb", buffering=0) as file:
        return file.readall()


def _kib(text: bytes, *names: str) -> int | None:
    """Return the sum in bytes of the fields ``names`` of a file like /proc/<pid>/status; None if there are none."""
    found = re.findall(rf"^(?:{'|'.join(names)}):\s*(\d+) kB".encode(), text, re.MULTILINE)
    return sum(map(int, found)) * 1024 if found else None


@functools.cache
def _socket_buffer() -> int:
    return int(Path("/proc/sys/net/core/wmem_default").read_text())


def _available() -> int:
    """Return the bytes of memory available on the machine."""
    return int(psutil.virtual_memory().available)


def _gib(size: int) -> str:
    return f"{size / GIB:.3g} GiB"
