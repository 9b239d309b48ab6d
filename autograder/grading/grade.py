"""Grading a class: submissions are taken in one by one, judged by workers, and recorded by one writer."""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from autograder.errors import CannotRecord, CourseError, Unreadable, UnusableWorkers
from autograder.gradebook.record import Origin, Recorder, output_paths, page_digest
from autograder.gradebook.verdictfile import read_verdicts
from autograder.grading.pool import Failed, Workers, cores
from autograder.grading.worker import Job, work
from autograder.judging.seeds import seed_of
from autograder.nbgrader.course_folder import LOG, config, database, grading_lock, logged, prepare, secret_of
from autograder.nbgrader.database_url import configure_database
from autograder.notebook.choose import take_in
from autograder.notebook.timestamp import check_name, has_name, submitted_at
from autograder.results import Graded, Judged
from autograder.sandbox.limits import LIMITS
from autograder.version import course_version

if TYPE_CHECKING:
    from autograder.grading.cluster import Cluster

    Crew = Workers[Job, Judged] | Cluster

TASK_TIMEOUT = 2 * LIMITS.submission  # seconds for one task: starting a sandbox is not on the submission's account
INSTALL = f"{sys.executable} -m pip install -c constraints.txt -e '.[cluster]'"
INTERNAL_ERROR = "The grader itself failed ({reason}); this says nothing about the submission. Grade it again."
FAULTS = "The grader raised exceptions over it, which {log} holds; look at the points."
LOGGER = logging.getLogger("autograder")


@dataclass(frozen=True)
class Submission:
    """A submission that was taken in: where it comes from, and what a worker is to do."""

    origin: Origin
    job: Job
    note: str


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
) -> Iterator[Graded]:
    """Grade every submission to ``unit`` in the course folder and yield what became of each, as they are ready.

    What an earlier run has graded is not graded again, unless the submission or the course has changed since.
    ``workers`` processes judge, by default one for each core, or the workers of the Dask cluster at ``scheduler``.
    ``db`` is the URL of the PostgreSQL database that the gradebook shall be in, from the first run on; by default it is
    an SQLite file. Raises CourseError if the course folder cannot be used, CannotRecord if nothing can be written,
    UnusableWorkers and NoWorkers.
    """
    names = students(course, unit)
    crew = _crew(min(workers or cores(), len(names)), scheduler)
    with grading_lock(course), logged(course):
        configure_database(course, db)
        prepare(course, unit)
        with Recorder(course, unit, database(course), config(course)) as recorder:
            yield from _Run(course, unit, trusted, recorder).results(names, crew)


def _crew(workers: int, scheduler: str | None) -> Crew:
    if scheduler is None:
        return Workers(work, workers, TASK_TIMEOUT)
    try:
        from autograder.grading.cluster import Cluster
    except ImportError as error:
        raise UnusableWorkers(f"{error.name} is not installed; run: {INSTALL}") from None
    return Cluster(scheduler, TASK_TIMEOUT)


def changes_told(course: Path, unit: str) -> None:
    """Note that what regrading changed has been reported; raises CannotRecord if that cannot be written."""
    with Recorder(course, unit, database(course), config(course)) as recorder:
        recorder.changes_told()


class _Run:
    """One run over a class."""

    def __init__(self, course: Path, unit: str, trusted: bool, recorder: Recorder) -> None:
        self._course = course
        self._unit = unit
        self._trusted = trusted
        self._recorder = recorder
        recorder.sweep()
        self._records = recorder.records()
        self._standings = recorder.standings()
        self._secret = secret_of(course)
        self._at_work: dict[str, Submission] = {}
        self._again: list[str] = []

    def results(self, names: list[str], crew: Crew) -> Iterator[Graded]:
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

    def _begin(self, student: str, pool: Crew) -> Iterator[Graded]:
        """Hand the submission to a worker, or yield what became of it where there is nothing to judge."""
        try:
            submission = self._taken_in(student)
            known = self._earlier(student, submission)
        except Unreadable as fault:
            yield self._unreadable(student, str(fault))
        except CannotRecord:
            raise
        except Exception as error:
            yield self._internal_error(student, error)
        else:
            if known:
                yield known
            else:
                self._at_work[student] = submission
                pool.submit(submission.job)

    def _finish(self, pool: Crew, *, final: bool) -> Iterator[Graded]:
        """Record the next result and yield it; what is to be tried again is kept for later unless this is final."""
        job, outcome = pool.next()
        submission = self._at_work.pop(job.student)
        if isinstance(outcome, Failed):
            LOGGER.error("%s: %s\n%s", job.student, outcome.reason, outcome.traceback)
            outcome = Judged("internal_error", INTERNAL_ERROR.format(reason=outcome.reason))
        if outcome.state == "internal_error" and not final:
            self._again.append(job.student)
        else:
            yield self._recorded(job.student, submission, outcome)

    def _taken_in(self, student: str) -> Submission:
        """Return the student's submission; raises Unreadable."""
        check_name(student)
        folder = self._course / "submitted" / student / self._unit
        intake = take_in(folder, self._unit)
        submitted, remark = submitted_at(folder)
        seed = seed_of(self._secret, student, self._unit)
        origin = Origin(intake.digest, submitted, course_version(self._unit), seed)
        files = tuple(intake.beside.files.items())
        job = Job(student, self._unit, f"{self._unit}.ipynb", intake.raw, seed, self._trusted, files)
        return Submission(origin, job, " ".join(filter(None, (intake.note, remark))))

    def _earlier(self, student: str, submission: Submission) -> Graded | None:
        """Return what an earlier run made of this very submission, None if it is to be graded now."""
        record = self._records.get(student)
        if record is None or not submission.origin.decided(record):
            return None
        if record.state == "unreadable":
            return Graded(student, "unreadable", reason=record.reason, note=submission.note, earlier=True)
        paths = output_paths(self._course, self._unit, student)
        file = read_verdicts(paths[-1])
        if file is None or file.verdict != record.verdict or not all(path.exists() for path in paths):
            return None
        if student not in self._standings:
            return None
        if page_digest(self._standings[student]) != record.standing:
            # People have graded and commented since, or pages are made otherwise now.
            self._recorder.show(student, self._standings[student])
        verdicts, changes = tuple(file.verdicts), tuple(record.changes)
        return Graded(student, "graded", verdicts, "", submission.note, changes, earlier=True)

    def _unreadable(self, student: str, reason: str) -> Graded:
        record = self._records.get(student)
        known = record is not None and (record.state, record.reason) == ("unreadable", reason)
        if not known and has_name(student):
            self._recorder.save(student, Origin("", None, "", 0), Judged("unreadable", reason))
        return Graded(student, "unreadable", reason=reason)

    def _recorded(self, student: str, submission: Submission, judged: Judged) -> Graded:
        note = submission.note
        if judged.faults:
            LOGGER.error("%s: exceptions over this submission\n%s", student, "\n".join(judged.faults))
            note = " ".join(filter(None, (note, FAULTS.format(log=self._course / LOG))))
        try:
            changes = self._recorder.save(student, submission.origin, judged)
        except CannotRecord:
            raise
        except Exception as error:
            return self._internal_error(student, error)
        return Graded(student, judged.state, judged.records, judged.reason, note, tuple(changes))

    def _internal_error(self, student: str, error: Exception) -> Graded:
        """Return what becomes of a student when we have made a mistake, which shall cost nobody else a grade."""
        LOGGER.error("%s: not graded", student, exc_info=error)
        return Graded(
            student, "internal_error", reason=INTERNAL_ERROR.format(reason=f"{type(error).__name__}: {error}")
        )
