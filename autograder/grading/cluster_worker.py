"""What a worker of a Dask cluster does: `dask worker ADDRESS --nthreads 1 --preload autograder.grading.cluster_worker`.

The scheduler imports this module, too; what judging takes is imported by the workers only.
"""

from __future__ import annotations

import os
import socket
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from autograder.grading.pool import Failed, attempt
from autograder.version import course_version
from rnnlab.specs import UNITS

if TYPE_CHECKING:
    from distributed import Worker

    from autograder.results import Judged

# Why this process must not judge, a sentence each. Empty once Dask has prepared it and found nothing.
problems = ["it was started without --preload autograder.grading.cluster_worker."]
# The version of the course that this process has imported, by unit.
versions: dict[str, str] = {}


@dataclass(frozen=True)
class Refused:
    """A worker must not judge; ``reason`` says which one, why, and what to do."""

    reason: str


def dask_setup(worker: Worker) -> None:
    """Prepare the process to judge: Dask calls this when a worker starts, before it is given anything to do."""
    from autograder.sandbox.doctor import missing

    versions.update((unit, course_version(unit)) for unit in UNITS if UNITS[unit])
    problems[:] = missing()
    if worker.state.nthreads != 1:
        # A process has one warm sandbox, and one address space to bound.
        problems.append(f"it has {worker.state.nthreads} threads; start it with --nthreads 1.")


def judge_job(job: dict[str, Any], version: str, timeout: float) -> Judged | Failed | Refused:
    """Judge the submission of the `autograder.grading.worker.Job` with these fields, with this version of the course.

    After ``timeout`` seconds the process ends; Dask starts another one and gives it the job, a few times.
    """
    refusals = problems or _outdated(job["unit"], version)
    if refusals:
        return Refused(f"a worker on {socket.gethostname()} was refused: {' '.join(refusals)}")
    from autograder.grading.worker import Job, work

    alarm = threading.Timer(timeout, os._exit, (1,))
    alarm.daemon = True
    alarm.start()
    try:
        return attempt(work, Job(**job))
    finally:
        alarm.cancel()


def _outdated(unit: str, version: str) -> list[str]:
    """Return why a verdict of this process would be none of that ``version``, or nothing."""
    course_version.cache_clear()
    if course_version(unit) != versions[unit]:
        return ["the course's files have changed since it was started; start it again."]
    if versions[unit] != version:
        return [f"its course has version {versions[unit]}, yours {version}; give both the same checkout and libraries."]
    return []
