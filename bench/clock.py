"""Measures what a command costs: wall time, CPU time with its child processes, and memory.

The CPU time is that of the whole machine except the benchmark itself, so nothing else should run meanwhile: the kernel
does not report the CPU time of killed processes, and each sandbox ends by being killed.
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

SAMPLING_INTERVAL = 1.0  # s between two readings of memory, each of which takes some 10 ms of CPU
MEDIAN_OF = 3  # consecutive readings: during a fork, one of them may count memory twice
SET_CHILD_SUBREAPER = 36  # of linux/prctl.h
SANDBOX = "bwrap"  # the program that runs submissions, whose memory has limits of its own


class CommandFailed(Exception):
    """A measured command failed; the message is the end of its output."""


@dataclass(frozen=True)
class Spent:
    """Seconds of wall time and of CPU, and the peak memory in bytes of the command and its workers."""

    wall: float
    cpu: float
    memory: int


def run(
    command: Sequence[str | Path],
    folder: Path,
    environment: Mapping[str, str] | None = None,
    codes: Sequence[int] = (0,),
) -> Spent:
    """Run ``command`` in ``folder`` and return what it cost.

    Raises CommandFailed if its exit code is not in ``codes``.
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
    _wait_for_orphans(others)
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


def _wait_for_orphans(others: set[int]) -> None:
    """Wait until processes that a command left, such as workers, have ended; ``others`` were there before."""
    while orphans := _children() - others:
        for orphan in orphans:
            os.waitpid(orphan, 0)


def _machine_cpu() -> float:
    """Return the seconds of CPU time that the machine has used since it was started."""
    times = psutil.cpu_times()
    return float(times.user + times.nice + times.system + times.irq + times.softirq)


class _Memory:
    """A context manager that samples the memory of a process and its descendants, without submissions."""

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
        """The peak in bytes, smoothed; 0 if the command ended too soon."""
        starts = range(len(self._held) - MEDIAN_OF + 1)
        return max((int(median(self._held[at : at + MEDIAN_OF])) for at in starts), default=0)

    def _sample(self) -> None:
        while not self._over.wait(SAMPLING_INTERVAL):
            self._held.append(_held(self._process))


def _held(process: psutil.Process) -> int:
    """Return the bytes used by a process and its descendants, as proportional set size."""
    try:
        if process.name() == SANDBOX:
            return 0
        return process.memory_full_info().pss + sum(map(_held, process.children()))
    except psutil.Error:
        return 0
