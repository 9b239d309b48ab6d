"""Simulates grading a class of a thousand on many workers, from measured times of the stages.

As in `autograder.grading.grade`, one process reads submissions, distributes them and records the results; each worker
has one submission in progress and one queued.
"""

from __future__ import annotations

import heapq
import random
from collections.abc import Sequence
from dataclasses import dataclass

from autograder.grading.pool import JOBS_AHEAD
from bench.stages import Stages

SIZE = 1000
WORKERS = (1, 2, 4, 8, 16, 32, 64, 128)
SEED = 0


@dataclass(frozen=True)
class Run:
    """A simulated run: its workers, its seconds, and the fraction of them for which the writer was busy."""

    workers: int
    seconds: float
    writer: float


def simulate(stages: Stages, workers: Sequence[int] = WORKERS, size: int = SIZE) -> list[Run]:
    """Return a run of ``size`` submissions for each number of ``workers``, each worker on a core of its own."""
    return [_run(stages, count, size, random.Random(SEED)) for count in workers]


def most_workers(stages: Stages) -> float:
    """Return the number of workers from which on the single writer is the bottleneck."""
    each = {name: sum(times) / len(times) for name, times in stages.items()}
    return each["judge"] / (each["read"] + each["record"])


def _run(stages: Stages, workers: int, size: int, chance: random.Random) -> Run:
    now = busy = 0.0
    waiting = size
    free = [0.0] * workers  # when each worker will be free
    done: list[float] = []  # when each job that was handed out will be done
    while waiting or done:
        if waiting and len(done) < JOBS_AHEAD * workers:
            cost = chance.choice(stages["read"])
            begin = max(now + cost, heapq.heappop(free))
            end = begin + chance.choice(stages["judge"])
            heapq.heappush(free, end)
            heapq.heappush(done, end)
            waiting -= 1
        else:
            now = max(now, heapq.heappop(done))
            cost = chance.choice(stages["record"])
        now += cost
        busy += cost
    return Run(workers, now, busy / now)
