"""What a command costs: seconds on the wall, seconds of CPU with all that it starts, and memory.

The CPU is that of the whole machine but for the benchmark itself, so nothing else should run beside: what a killed
process has used, and each sandbox ends by being killed, is told to nobody who waits for it.
"""

from __future__ import annotations

import ctypes
import os
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import psutil

SAMPLE = 1.0  # s between two looks at memory, of which each takes some hundredths of CPU
SET_CHILD_SUBREAPER = 36
LOOKS = 3  # in a row, whose middle counts: what is just being forked may for one look seem to hold all twice
ISOLATED = "bwrap"  # the name of what runs submissions; their memory has limits of its own


class CommandFailed(Exception):
    """A command that was to be measured failed; the message is the end of what it printed."""


@dataclass(frozen=True)
class Spent:
    """Seconds on the wall and of CPU, and the peak in bytes of what the command itself and its workers hold."""

    wall: float
    cpu: float
    memory: int


def run(
    command: Sequence[str | Path],
    folder: Path,
    environment: Mapping[str, str] | None = None,
    codes: Sequence[int] = (0,),
) -> Spent:
    """Run ``command`` in ``folder`` to its end and return what it cost.

    Raises CommandFailed if its exit code is none of ``codes``.
    """
    adopt_orphans()
    others, cpu = _children(), _machine_cpu() - time.process_time()
    log = folder / "bench.log"
    with log.open("wb") as output:
        start = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=folder, env=os.environ | dict(environment or {}), stdout=output, stderr=output
        )
        with _Memory(process.pid) as memory:
            _, status = os.waitpid(process.pid, 0)
        wall = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    _bury_orphans(others)
    cpu = _machine_cpu() - time.process_time() - cpu
    if process.returncode not in codes:
        raise CommandFailed(f"{command[0]}: exit code {process.returncode}\n{log.read_text(errors='replace')[-2000:]}")
    return Spent(wall, cpu, memory.peak)


def adopt_orphans() -> None:
    """Make this process the parent of every process that its children leave behind, so that none is lost from sight."""
    if ctypes.CDLL(None, use_errno=True).prctl(SET_CHILD_SUBREAPER, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "prctl")


def _children() -> set[int]:
    return {process.pid for process in psutil.Process().children()}


def _bury_orphans(others: set[int]) -> None:
    """Wait for what a command left behind to end by itself, such as workers; ``others`` were there before."""
    while orphans := _children() - others:
        for orphan in orphans:
            os.waitpid(orphan, 0)


def _machine_cpu() -> float:
    """Return the seconds that the machine's processors have worked since it was started."""
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system + times.irq + times.softirq)


class _Memory:
    """A context manager that samples the memory of a process and of those below it, submissions left out."""

    def __init__(self, pid: int) -> None:
        self._held: list[int] = []
        self._process = psutil.Process(pid)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample, daemon=True)

    def __enter__(self) -> _Memory:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def peak(self) -> int:
        """The most bytes that were held for some time; 0 if the command was over too soon."""
        starts = range(len(self._held) - LOOKS + 1)
        return max((int(median(self._held[at : at + LOOKS])) for at in starts), default=0)

    def _sample(self) -> None:
        while not self._over.wait(SAMPLE):
            self._held.append(_held(self._process))


def _held(process: psutil.Process) -> int:
    """Return the bytes that a process and those below it hold, shared pages divided by those who share them."""
    try:
        if process.name() == ISOLATED:
            return 0
        return process.memory_full_info().pss + sum(map(_held, process.children()))
    except psutil.Error:
        return 0
