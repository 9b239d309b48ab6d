"""Progress of a grading run: a bar in a terminal, a line every few seconds elsewhere."""

from __future__ import annotations

import time
from types import TracebackType

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

INTERVAL = 10.0  # seconds between lines where there is no terminal


class GradingProgress:
    """A context manager that shows on ``console`` how far a run over ``total`` submissions has come."""

    def __init__(self, console: Console, unit: str, total: int) -> None:
        self._console = console
        self._unit = unit
        self._total = total
        self._done = 0
        self._failed = 0
        self._fresh = 0  # graded by this run itself: only they show how long the rest takes
        columns = (
            TextColumn("grading {task.description}"),
            BarColumn(),
            TextColumn("{task.fields[counts]}"),
        )
        self._bar = Progress(*columns, console=console, disable=not console.is_terminal)
        self._task = self._bar.add_task(unit, total=total, counts="")

    def __enter__(self) -> GradingProgress:
        self._start = self._last = time.monotonic()
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def advance(self, *, failed: bool, earlier: bool) -> None:
        """Count one submission; ``failed`` if it has no grade, ``earlier`` if an earlier run found that."""
        self._done += 1
        self._failed += failed
        self._fresh += not earlier
        self._bar.update(self._task, completed=self._done, counts=self._status())
        now = time.monotonic()
        if not self._console.is_terminal and (now - self._last >= INTERVAL or self._done == self._total):
            self._last = now
            self._console.print(f"grading {self._unit}: {self._status()}", highlight=False, soft_wrap=True)

    def _status(self) -> str:
        """Return how many submissions are done, failed and left, how many a second, and the time that is left."""
        left = self._total - self._done
        counts = f"{self._done} of {self._total} done, {self._failed} not graded, {left} left"
        seconds = time.monotonic() - self._start
        if not self._fresh or seconds < 1:
            return counts
        rate = self._fresh / seconds
        return f"{counts}, {rate:.2g} a second, {_clock(left / rate)} to go"


def _clock(seconds: float) -> str:
    minutes, seconds = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
