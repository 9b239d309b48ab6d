"""Grading a class: submissions are taken in one by one, judged by workers, and recorded by one writer."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import CannotRecord, CourseError, Unreadable, UnusableWorkers
from autograder.gradebook.record import Recorder
from autograder.grading.pool import Failed, Workers, cores
from autograder.grading.worker import work
from autograder.judging.seeds import seed_of
from autograder.nbgrader.course_folder import LOG, config, database, grading_lock, logged, prepare, secret_of
from autograder.nbgrader.database_url import configure_database
from autograder.notebook.choose import read_submission
from autograder.notebook.timestamp import check_name, has_name
from autograder.results import Result, Submission
from autograder.sandbox.limits import LIMITS
from autograder.untrusted_text import printable

if TYPE_CHECKING:
    from autograder.grading.cluster import Cluster

    Crew = Workers[Submission, Result] | Cluster

TASK_TIMEOUT = 2 * LIMITS.submission  # seconds for one task: starting a sandbox is not on the submission's account
INSTALL = f"{sys.executable} -m pip install -c constraints.txt -e '.[cluster]'"
INTERNAL_ERROR = "The grader itself failed ({reason}); this says nothing about the submission. Grade it again."
FAULTS = "The grader raised exceptions over it, which {log} holds; look at the points."
LOGGER = logging.getLogger("autograder")


def students(course: Path, unit: str) -> list[str]:
    """Return the names of the students who handed in ``unit``, sorted.

    Raises CourseError if there is no submission.
    """
    submitted = course / "submitted"
    found = sorted(path.parent.name for path in submitted.glob(f"*/{unit}"))
    if not found:
        raise CourseError(f"no submissions in {submitted}/<student>/{unit}; put each notebook there as {unit}.ipynb.")
    return found


def grade(
    course: Path,
    unit: str,
    *,
    trusted: bool = False,
    workers: int | None = None,
    scheduler: str | None = None,
    db: str | None = None,
) -> Iterator[Result]:
    """Grade every submission to ``unit`` in the course folder and yield what became of each, as they are ready.

    What an earlier run has graded is not graded again, unless the submission or the course has changed since.
    ``workers`` processes judge, by default one for each core, or the workers of the Dask cluster at ``scheduler``.
    ``db`` is the URL of the PostgreSQL database that the gradebook shall be in, from the first run on; by default it is
    an SQLite file. Raises CourseError if the course folder cannot be used, CannotRecord if nothing can be written,
    UnusableWorkers and NoWorkers.
    """
    names = students(course, unit)
    crew = _crew(min(workers or cores(), len(names)), scheduler, trusted)
    with grading_lock(course), logged(course):
        configure_database(course, db)
        prepare(course, unit)
        with Recorder(course, unit, database(course), config(course)) as recorder:
            yield from _Run(course, unit, recorder).results(names, crew)


def _crew(workers: int, scheduler: str | None, trusted: bool) -> Crew:
    if scheduler is None:
        return Workers(partial(work, trusted=trusted), workers, TASK_TIMEOUT)
    try:
        from autograder.grading.cluster import Cluster
    except ImportError as error:
        raise UnusableWorkers(f"{error.name} is not installed; run: {INSTALL}") from None
    return Cluster(scheduler, TASK_TIMEOUT)


def mark_changes_reported(course: Path, unit: str) -> None:
    """Note that what regrading changed has been reported; raises CannotRecord if that cannot be written."""
    with Recorder(course, unit, database(course), config(course)) as recorder:
        recorder.mark_changes_reported()


class _Run:
    """One run over a class."""

    def __init__(self, course: Path, unit: str, recorder: Recorder) -> None:
        self._course = course
        self._unit = unit
        self._recorder = recorder
        recorder.sweep()
        self._secret = secret_of(course)
        self._again: list[str] = []

    def results(self, names: list[str], crew: Crew) -> Iterator[Result]:
        """Yield what becomes of each student's submission."""
        with crew as pool:
            for name in names:
                yield from self._begin(name, pool)
                while pool.full:
                    yield from self._finish(pool, final=False)
            while pool.busy:
                yield from self._finish(pool, final=False)
            # What failed for an internal error is tried once more, each alone on the machine.
            for name in self._again:
                yield from self._begin(name, pool)
                while pool.busy:
                    yield from self._finish(pool, final=True)

    def _begin(self, student: str, pool: Crew) -> Iterator[Result]:
        """Hand the submission to a worker, or yield what became of it where there is nothing to judge."""
        try:
            submission = self._read(student)
            earlier = self._recorder.earlier(submission)
        except Unreadable as error:
            yield self._unreadable(student, str(error))
        except CannotRecord:
            raise
        except Exception as error:
            yield self._internal_error(student, error)
        else:
            if earlier:
                yield earlier
            else:
                pool.submit(submission)

    def _finish(self, pool: Crew, *, final: bool) -> Iterator[Result]:
        """Record the next result and yield it; what is to be tried again is kept for later unless this is final."""
        submission, result = pool.next()
        student = submission.student
        if isinstance(result, Failed):
            LOGGER.error("%s: %s\n%s", printable(student), result.reason, result.traceback)
            reason = INTERNAL_ERROR.format(reason=result.reason)
            result = Result(student, "internal_error", reason, submission.note)
        if result.state == "internal_error" and not final:
            self._again.append(student)
        else:
            yield self._recorded(result, submission)

    def _read(self, student: str) -> Submission:
        """Return what the student handed in; raises Unreadable."""
        check_name(student)
        folder = self._course / "submitted" / student / self._unit
        return read_submission(folder, student, self._unit, seed_of(self._secret, student, self._unit))

    def _unreadable(self, student: str, reason: str) -> Result:
        """Return the result of a student in whose folder no submission could be read."""
        result = Result(student, "unreadable", reason)
        if has_name(student) and not self._recorder.is_recorded(result):
            self._recorder.save(result, None)
        return result

    def _recorded(self, result: Result, submission: Submission) -> Result:
        student = result.student
        if result.faults:
            LOGGER.error("%s: exceptions over this submission\n%s", printable(student), "\n".join(result.faults))
            note = " ".join(filter(None, (result.note, FAULTS.format(log=self._course / LOG))))
            result = replace(result, note=note)
        try:
            return self._recorder.save(result, submission)
        except CannotRecord:
            raise
        except Exception as error:
            return self._internal_error(student, error)

    def _internal_error(self, student: str, error: Exception) -> Result:
        """Return the result of a student over whom the grader's code failed; the others are graded all the same."""
        LOGGER.error("%s: not graded", printable(student), exc_info=error)
        reason = INTERNAL_ERROR.format(reason=f"{type(error).__name__}: {error}")
        return Result(student, "internal_error", reason)
