"""What one submission may use in total, over all its processes and both attempts to judge it."""

from __future__ import annotations

import time

from autograder.errors import Stopped
from autograder.sandbox.limits import LIMITS, MIB, Limits

MIN_CPU = 0.5  # seconds of CPU below which starting another process is pointless


class Budget:
    """The time, CPU time, output and processes that are left of ``limits``; the clock runs from now on."""

    def __init__(self, limits: Limits = LIMITS) -> None:
        self._limits = limits
        self._end = time.monotonic() + limits.submission
        self._processes = 0
        self._output = limits.total_flood_bytes
        self._refusal: Stopped | None = None
        self.cpu = limits.total_cpu

    @property
    def seconds(self) -> float:
        """The seconds of wall time that are left; negative when it is over."""
        return self._end - time.monotonic()

    @property
    def used(self) -> bool:
        """Whether a process has been started."""
        return self._processes > 0

    def count_process(self) -> None:
        """Count a process that is about to be started."""
        self._processes += 1

    def spend(self, cpu: float) -> None:
        """Subtract the seconds of CPU that a process used."""
        self.cpu -= cpu

    def receive(self, size: int) -> None:
        """Subtract the bytes of a message."""
        self._output -= size

    def refuse(self, stopped: Stopped) -> None:
        """Let nothing more be executed, for the reason in ``stopped``."""
        self._refusal = stopped

    def exhausted(self) -> Stopped | None:
        """Return which limit is used up, with a clause that says so; None if work can go on."""
        if self._refusal:
            return self._refusal
        if self.seconds <= 0:
            return Stopped("timeout", f"the submission's {self._limits.submission:g} s were over")
        if self.cpu < MIN_CPU:
            return Stopped("cpu", f"the submission's {self._limits.total_cpu:g} s of processor time were used up")
        if self._output < 0:
            return Stopped("output", f"the submission had printed {self._limits.total_flood_bytes // MIB} MiB")
        return None

    def exhausted_by_starts(self) -> Stopped | None:
        """Return the same for starting one more process."""
        if self._processes >= self._limits.kernels:
            return Stopped("died", f"the submission's Python process had ended {self._processes} times")
        return self.exhausted()
