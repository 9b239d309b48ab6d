"""Worker processes: a function applied to many jobs, of which none can stop or outlast the others."""

from __future__ import annotations

import gc
import multiprocessing
import os
import tempfile
import threading
import time
import traceback
from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import dataclass
from multiprocessing import forkserver
from types import TracebackType
from typing import Generic, TypeVar

from pebble import ProcessExpired, ProcessPool

from autograder.errors import NoWorkers
from autograder.files import own_folder

Job = TypeVar("Job")
Outcome = TypeVar("Outcome")

# Workers are forked from a process that has imported everything once, and has none of this one's files or connections.
CONTEXT = multiprocessing.get_context("forkserver")
PRELOAD = ["autograder.grading.worker", "rnnlab.plots"]  # the latter for the references
ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
JOBS_AHEAD = 2  # per worker, one at work and one at hand: memory does not grow with the number of jobs
POLL_INTERVAL = 1.0  # seconds between looks at whether there are workers at all
STARTUP_TIMEOUT = 60.0  # seconds for starting workers, and for a pool to notice that a job's time is over
NO_WORKER = "the worker processes ended"
MAX_POOLS = 5  # in one run, before the fault is taken to be a lasting one


@dataclass(frozen=True)
class Failed:
    """A job that has no result: ``reason`` in a sentence, ``traceback`` where the function raised an exception."""

    reason: str
    traceback: str = ""


def cores() -> int:
    """Return how many cores this process may use."""
    return len(os.sched_getaffinity(0))


class Workers(Generic[Job, Outcome]):
    """A context manager: worker processes that apply ``function`` to the jobs given to them.

    A job that takes longer than ``timeout`` seconds, or ends its worker, is Failed, and the others go on.
    Leaving ends the workers, whatever they are at.
    """

    def __init__(self, function: Callable[[Job], Outcome], workers: int, timeout: float) -> None:
        self._function = function
        self._workers = workers
        self._timeout = timeout
        self._pools = 0
        self._at_work: dict[Future[Outcome | Failed], Job] = {}
        self._lost: list[Job] = []

    def __enter__(self) -> Workers[Job, Outcome]:
        self._pool = self._start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.stop()
        self._pool.join()

    @property
    def busy(self) -> bool:
        """Whether there are jobs whose outcome is still to come."""
        return bool(self._at_work or self._lost)

    @property
    def full(self) -> bool:
        """Whether every worker has a job at work and one at hand: more would only wait, and take memory."""
        return len(self._at_work) + len(self._lost) >= JOBS_AHEAD * self._workers

    def submit(self, job: Job) -> None:
        """Give the workers a job; raises NoWorkers if they keep ending by themselves."""
        try:
            future = self._schedule(job)
        except RuntimeError:
            self._replace()
            future = self._schedule(job)
        self._at_work[future] = job

    def next(self) -> tuple[Job, Outcome | Failed]:
        """Wait for a job to be done and return it with its outcome; raises NoWorkers as `submit` does."""
        deadline = time.monotonic() + self._timeout + STARTUP_TIMEOUT
        while not self._lost:
            for future in wait(self._at_work, POLL_INTERVAL, FIRST_COMPLETED).done:
                return self._at_work.pop(future), self._outcome(future)
            if not self._pool.active or time.monotonic() > deadline:
                self._replace()
        return self._lost.pop(0), Failed(NO_WORKER)

    def _replace(self) -> None:
        """Start other workers in the place of a pool that is broken; what it was at is lost."""
        self._pool.stop()
        self._pool.join()
        self._lost += self._at_work.values()
        self._at_work.clear()
        self._pool = self._start()

    def _start(self) -> ProcessPool:
        if self._pools == MAX_POOLS:
            raise NoWorkers(f"the worker processes ended {MAX_POOLS} times, perhaps for want of memory")
        self._pools += 1
        start_server()
        return ProcessPool(self._workers, initializer=_begin_work, context=CONTEXT)

    def _schedule(self, job: Job) -> Future[Outcome | Failed]:
        return self._pool.schedule(attempt, (self._function, job), timeout=self._timeout)

    def _outcome(self, future: Future[Outcome | Failed]) -> Outcome | Failed:
        try:
            return future.result(timeout=0)
        except ProcessExpired as error:
            return Failed(f"the worker process ended with code {error.exitcode}")
        except TimeoutError:
            return Failed(f"it was not done within {self._timeout:g} s")
        except BrokenExecutor:
            return Failed(NO_WORKER)


def start_server() -> None:
    """Start the process that workers are forked from, with an environment in which each computes on one core.

    It imports what they need while its parent goes on; a second call does nothing.
    """
    before, place = dict(os.environ), tempfile.tempdir
    os.environ.update(ONE_THREAD)
    # Here multiprocessing puts the server's socket.
    tempfile.tempdir = str(own_folder())
    try:
        CONTEXT.set_forkserver_preload(PRELOAD)
        forkserver.ensure_running()
    finally:
        tempfile.tempdir = place
        os.environ.clear()
        os.environ.update(before)


def _begin_work() -> None:
    """Have this worker end as soon as the process that gives it work has ended, even by SIGKILL."""
    # What was imported stays: the collector would visit all of it again and again.
    gc.freeze()

    def watch() -> None:
        parent = multiprocessing.parent_process()
        assert parent is not None
        parent.join()
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def attempt(function: Callable[[Job], Outcome], job: Job) -> Outcome | Failed:
    """Run in the worker: an exception goes back as text, for not every exception can be sent."""
    try:
        return function(job)
    except Exception as error:
        return Failed(f"{type(error).__name__}: {error}", traceback.format_exc())
