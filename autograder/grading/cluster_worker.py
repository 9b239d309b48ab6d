"""What a worker of a Dask cluster does: `dask worker ADDRESS --nthreads 1 --preload autograder.grading.cluster_worker`.

The scheduler imports this module, too; what judging takes is imported by the workers only.
"""

from __future__ import annotations

import os
import socket
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

from autograder.grading.pool import Failed, attempt
from autograder.results import Result, Submission
from autograder.version import course_version
from rnnlab.specs import UNITS

if TYPE_CHECKING:
    from distributed import Worker

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


def judge_submission(submission: Submission, timeout: float) -> Result | Failed | Refused:
    """Judge a submission, with the version of the course that it names.

    After ``timeout`` seconds the process ends; Dask starts another one and gives it the job, a few times.
    """
    refusals = problems or _outdated(submission)
    if refusals:
        return Refused(f"a worker on {socket.gethostname()} was refused: {' '.join(refusals)}")
    from autograder.grading.worker import work

    alarm = threading.Timer(timeout, os._exit, (1,))
    alarm.daemon = True
    alarm.start()
    try:
        return attempt(work, submission)
    finally:
        alarm.cancel()


def _outdated(submission: Submission) -> list[str]:
    """Return why a verdict of this process would be none of the submission's version of the course, or nothing."""
    own, wanted = versions[submission.unit], submission.version
    course_version.cache_clear()
    if course_version(submission.unit) != own:
        return ["the course's files have changed since it was started; start it again."]
    if own != wanted:
        return [f"its course has version {own}, yours {wanted}; give both the same checkout and libraries."]
    return []
