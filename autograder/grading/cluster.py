"""A Dask cluster in the place of worker processes of this machine."""

from __future__ import annotations

import contextlib
import queue
import time
from concurrent.futures import CancelledError
from dataclasses import dataclass
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

import dask
from distributed import Client, Future, Security
from distributed.scheduler import KilledWorker

from autograder.errors import NoWorkers, UnusableWorkers
from autograder.grading.cluster_worker import Refused, judge_submission
from autograder.grading.pool import JOBS_AHEAD, POLL_INTERVAL, STARTUP_TIMEOUT, Failed
from autograder.notebook.read import MAX_FILE_BYTES
from autograder.results import Result, Submission

SCHEDULER_TIMEOUT = 10.0  # seconds for the scheduler to answer, and to come back after it was lost
WORKER_TIMEOUT = 120.0  # seconds for a worker to come where there is none: one that was killed is there again after ten
SETTINGS = {
    # Otherwise the last thousand submissions would be kept for Dask's developers to look at.
    "distributed.admin.low-level-log-length": 0,
    # Dask would warn of a large submission, because it keeps it until the job is done; so do we.
    "distributed.admin.large-graph-warning-threshold": 2 * MAX_FILE_BYTES,
}
GO_ON = "; without --scheduler the same command goes on with this machine alone"
START_WORKER = "dask worker {scheduler} --nthreads 1 --preload autograder.grading.cluster_worker"


@dataclass(frozen=True)
class _Sent:
    """A submission that the cluster has, and the time by which it must be judged."""

    submission: Submission
    future: Future[Any]
    deadline: float


class Cluster:
    """A context manager: the workers of a running Dask cluster judge the jobs given to them, as `pool.Workers` do.

    A job whose workers end, or that is not done in time, is Failed, and the others go on.
    Dask gives the jobs of a worker that is gone to others. Leaving takes back what is not done.
    """

    def __init__(self, scheduler: str, timeout: float) -> None:
        self._scheduler = scheduler
        self._timeout = timeout
        self._workers = 0
        self._sent: dict[Any, _Sent] = {}
        self._done: queue.SimpleQueue[Future[Any]] = queue.SimpleQueue()

    def __enter__(self) -> Cluster:
        """Connect; raises UnusableWorkers if no scheduler answers, or has no worker."""
        self._check_address()
        dask.config.set(SETTINGS)
        try:
            self._client = Client(self._scheduler, timeout=SCHEDULER_TIMEOUT, set_as_default=False)
        except (OSError, RuntimeError) as error:
            raise UnusableWorkers(
                f"no Dask scheduler answers at {self._scheduler} ({_first_line(error)}); "
                "start one with `dask scheduler`, and give --scheduler the address that it prints."
            ) from None
        self._met = time.monotonic()
        try:
            while not self._look():
                time.sleep(POLL_INTERVAL / 4)
        except NoWorkers as error:
            self._close()
            start = START_WORKER.format(scheduler=self._scheduler)
            raise UnusableWorkers(f"{error}. To start one: {start}") from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close()

    @property
    def busy(self) -> bool:
        """See `pool.Workers`."""
        return bool(self._sent)

    @property
    def full(self) -> bool:
        """See `pool.Workers`."""
        return len(self._sent) >= JOBS_AHEAD * max(self._workers, 1)

    def submit(self, submission: Submission) -> None:
        """See `pool.Workers`."""
        self._look()
        # The scheduler unpickles what a job is called with, for which it needs the values and not the judge.
        future = self._client.submit(judge_submission, submission, self._timeout, pure=False)
        # One job is before it; then it takes its own time.
        self._sent[future.key] = _Sent(
            submission, future, time.monotonic() + JOBS_AHEAD * self._timeout + STARTUP_TIMEOUT
        )
        future.add_done_callback(self._done.put)

    def next(self) -> tuple[Submission, Result | Failed]:
        """See `pool.Workers`."""
        while True:
            with contextlib.suppress(queue.Empty):
                key = self._done.get(timeout=POLL_INTERVAL).key
                if key in self._sent:
                    return self._taken_back(key, self._outcome(self._sent[key].future))
            self._look()
            for key, sent in self._sent.items():
                if time.monotonic() > sent.deadline:
                    return self._taken_back(key, Failed(f"the cluster did not do it within {self._timeout:g} s"))

    def _check_address(self) -> None:
        """Look at the address before Dask does, whose client cannot be let go of when it is wrong."""
        try:
            parts = urlsplit(self._scheduler)
            wrong = parts.scheme not in ("tcp", "tls") or not parts.hostname or not parts.port
        except ValueError:
            wrong = True
        if wrong:
            raise UnusableWorkers(f"{self._scheduler!r} is no address of a scheduler, such as tcp://192.168.1.5:8786.")
        if parts.scheme == "tls" and (fault := _certificates_fault()):
            raise UnusableWorkers(f"{fault}; make certificates and set DASK_CONFIG as docs/cluster.md says.")

    def _taken_back(self, key: Any, outcome: Result | Failed) -> tuple[Submission, Result | Failed]:
        """Have the cluster forget a job."""
        sent = self._sent.pop(key)
        sent.future.release()
        return sent.submission, outcome

    def _outcome(self, future: Future[Any]) -> Result | Failed:
        try:
            outcome: Result | Failed | Refused = future.result(timeout=STARTUP_TIMEOUT)
        except KilledWorker as error:
            return Failed(f"it was given to {error.allowed_failures + 1} workers, and each of them ended")
        except (CancelledError, OSError) as error:
            # With the scheduler gone there is nothing to go on with.
            self._look()
            return Failed(f"the cluster lost its result ({_first_line(error)})")
        except Exception as error:
            raise UnusableWorkers(
                f"the cluster cannot run the grader ({_first_line(error)}); "
                "start its scheduler and workers in an environment with this checkout."
            ) from error
        if isinstance(outcome, Refused):
            raise UnusableWorkers(outcome.reason)
        return outcome

    def _look(self) -> bool:
        """Count the workers and return whether there are any; raises NoWorkers if there have been none for long."""
        self._workers = self._counted()
        if self._workers:
            self._met = time.monotonic()
        elif time.monotonic() > self._met + WORKER_TIMEOUT:
            raise NoWorkers(f"the scheduler {self._scheduler} has had no workers for {WORKER_TIMEOUT:g} s{GO_ON}")
        return self._workers > 0

    def _counted(self) -> int:
        """Ask the scheduler for its workers; the client looks for a scheduler that was lost by itself."""
        deadline = time.monotonic() + SCHEDULER_TIMEOUT
        scheduler: Any = self._client.scheduler
        while True:
            try:
                return len(self._client.sync(scheduler.ncores, callback_timeout=SCHEDULER_TIMEOUT))
            except Exception as error:
                if time.monotonic() > deadline:
                    raise NoWorkers(f"the scheduler {self._scheduler} does not answer any more{GO_ON}") from error
            time.sleep(POLL_INTERVAL / 4)

    def _close(self) -> None:
        # What is lost with a scheduler that does not answer needs no good-bye.
        with contextlib.suppress(Exception):
            self._client.close(timeout=SCHEDULER_TIMEOUT)


def _certificates_fault() -> str | None:
    """Return what is wrong with the certificates that Dask's configuration names; None if they can be read."""
    try:
        context = Security().get_connection_args("client")["ssl_context"]
    except OSError as error:
        return f"the certificates cannot be read ({_first_line(error)})"
    return None if context else "Dask's configuration names no certificates"


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [""])[0] or type(error).__name__
