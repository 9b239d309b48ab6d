"""The writer: puts results into gradebook and course folder, all of one or nothing, and finds those of earlier runs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import nbformat
from nbgrader.api import BaseCell, Comment, Grade, Notebook, SubmittedAssignment, SubmittedNotebook
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from traitlets.config import Config

from autograder.files import digest_of, sweep, write_whole
from autograder.gradebook.database import Record, SharedGradebook, open_database, retry, transaction
from autograder.gradebook.lateness import Lateness, seconds_late
from autograder.gradebook.verdict_file import VERDICTS, read_verdicts, verdict_file, verdict_path, verdicts_digest
from autograder.pages.feedback import feedback
from autograder.results import Change, Result, Scores, Submission, from_json, to_json
from autograder.rules import read_rules
from autograder.version import pages_version

READ_ONLY = 0o444  # as nbgrader leaves autograded notebooks

Written = TypeVar("Written")


class Recorder:
    """A context manager: the one writer to a course's gradebook, and to its folders autograded, feedback, verdicts."""

    def __init__(self, course: Path, unit: str, url: str, settings: Config) -> None:
        self._course = course
        self._unit = unit
        self._url = url
        self._lateness = Lateness(settings, read_rules(course))

    def __enter__(self) -> Recorder:
        """Open the database; raises CannotRecord."""
        self._engine = open_database(self._url)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._engine.dispose()

    def sweep(self) -> None:
        """Remove what a killed run left half written; no other process may be writing."""
        folders = [path for top in ("autograded", "feedback") for path in (self._course / top).glob(f"*/{self._unit}")]
        sweep([*folders, self._course / VERDICTS / self._unit])

    def records(self) -> dict[str, Record]:
        """Return the records of the unit by student; raises CannotRecord."""
        return self._retry(lambda session: {r.student: r for r in session.scalars(self._of_unit(select(Record)))})

    def scores(self) -> dict[str, Scores]:
        """Return what the gradebook holds on the unit now, by student; raises CannotRecord."""
        return self._retry(lambda session: _scores(session, self._unit))

    def earlier(self, submission: Submission) -> Result | None:
        """Return what an earlier run made of this very submission, None if it is to be graded now.

        Its feedback page is written again if people have changed scores or comments since, or if pages are made
        otherwise now. Raises CannotRecord.
        """
        student = submission.student
        record = self._earlier_records.get(student)
        if record is None or _origin_of(record) != _origin(submission):
            return None
        if record.state == "unreadable":
            return Result(student, "unreadable", record.reason, submission.note, earlier=True)
        paths = output_paths(self._course, self._unit, student)
        verdicts, scores = read_verdicts(paths[-1]), self._earlier_scores.get(student)
        if verdicts is None or scores is None or not all(path.exists() for path in paths):
            return None
        if verdicts_digest(verdicts) != record.verdict:
            return None
        if page_digest(scores) != record.page:
            self._retry(lambda session: _write_page_again(session, self._course, self._unit, student, scores))
        changes = tuple(from_json(Change, change) for change in record.changes)
        return Result(student, "graded", "", submission.note, verdicts, changes, earlier=True)

    def is_recorded(self, result: Result) -> bool:
        """Return whether an earlier run came to the same state for the same reason; raises CannotRecord."""
        record = self._earlier_records.get(result.student)
        return record is not None and (record.state, record.reason) == (result.state, result.reason)

    def save(self, result: Result, submission: Submission | None) -> Result:
        """Record a result and the submission that it comes from, None if none could be read.

        Return the result with what changed since the submission was graded before, and without what is in files now.
        Scores and comments that a person gave stay, and are to be looked at again as nbgrader has it.
        Unless it was graded, the gradebook keeps what it has. Raises CannotRecord.
        """
        changes = self._retry(lambda session: self._save(session, result, submission))
        return replace(result, changes=changes, scores=None, notebook="", page="")

    def mark_changes_reported(self) -> None:
        """Note that the changes have been reported, all of them; raises CannotRecord."""
        self._retry(lambda session: session.execute(self._of_unit(update(Record)).values(changes=[])))

    @cached_property
    def _earlier_records(self) -> dict[str, Record]:
        return self.records()

    @cached_property
    def _earlier_scores(self) -> dict[str, Scores]:
        return self.scores()

    def _retry(self, write: Callable[[Session], Written]) -> Written:
        def once() -> Written:
            with transaction(self._engine) as session:
                return write(session)

        return retry(once)

    def _of_unit(self, statement: Any) -> Any:
        return statement.where(Record.unit == self._unit)

    def _save(self, session: Session, result: Result, submission: Submission | None) -> tuple[Change, ...]:
        student = result.student
        before = session.get(Record, (student, self._unit))
        changes = tuple(from_json(Change, change) for change in before.changes) if before else ()
        verdict, page = "", ""
        SharedGradebook(session).update_or_create_student(student)
        if submission is not None and result.scores is not None:
            again = before is not None and before.submission == submission.digest
            scores_before = self._grade(session, student, submission.submitted_at, result.scores)
            page = self._write_pages(session, result)
            changes = _changes(scores_before, changes, result) if again else ()
            verdict = verdicts_digest(result.verdicts)
            write_whole(verdict_path(self._course, self._unit, student), verdict_file(submission, result.verdicts))
        digest, submitted, version, seed = _origin(submission)
        session.merge(
            Record(
                student=student,
                unit=self._unit,
                state=result.state,
                reason=result.reason,
                statuses={verdict.exercise: verdict.status for verdict in result.verdicts},
                submission=digest,
                submitted=submitted,
                version=version,
                seed=seed,
                verdict=verdict,
                page=page,
                changes=[to_json(change) for change in changes],
                recorded=datetime.now(UTC).replace(tzinfo=None),
            )
        )
        return changes

    def _grade(
        self, session: Session, student: str, submitted_at: datetime | None, scores: Scores
    ) -> dict[str, float | None]:
        """Write the grades; return the automatic scores as they were, by cell."""
        book = SharedGradebook(session)
        when = {} if submitted_at is None else {"timestamp": submitted_at}
        submission = book.update_or_create_submission(self._unit, student, **when)
        notebook = book.find_submission_notebook(self._unit, self._unit, student)
        cells = _cells(session, notebook)
        before = {cells[grade.cell_id]: grade.auto_score for grade in notebook.grades}
        for grade in notebook.grades:
            grade.auto_score = scores.points[cells[grade.cell_id]]
            grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        for comment in notebook.comments:
            comment.auto_comment = scores.comments[cells[comment.cell_id]]
        session.flush()
        self._lateness.put_dates(submission)
        # The points of this submission, whatever was loaded before.
        session.refresh(notebook, ["score"])
        late = seconds_late(submission.timestamp, submission.assignment.duedate, submission.extension)
        notebook.late_submission_penalty = self._lateness.penalty(student, notebook.score, late)
        session.flush()
        return before

    def _write_pages(self, session: Session, result: Result) -> str:
        """Write notebook and feedback page; return the digest of what the page shows."""
        scores = _scores(session, self._unit, result.student)[result.student]
        notebook, page, _ = output_paths(self._course, self._unit, result.student)
        write_whole(notebook, result.notebook, READ_ONLY)
        write_whole(page, result.page if scores == result.scores else _page(self._unit, result.notebook, scores))
        return page_digest(scores)


def write_stale_pages(session: Session, course: Path, unit: str) -> None:
    """Write the feedback pages again that do not show the gradebook's scores on submissions to ``unit``."""
    shown = {r.student: r.page for r in session.scalars(select(Record).where(Record.unit == unit))}
    for student, scores in _scores(session, unit).items():
        notebook = output_paths(course, unit, student)[0]
        if student in shown and shown[student] != page_digest(scores) and notebook.exists():
            _write_page_again(session, course, unit, student, scores)


def _write_page_again(session: Session, course: Path, unit: str, student: str, scores: Scores) -> None:
    notebook, page, _ = output_paths(course, unit, student)
    write_whole(page, _page(unit, notebook.read_text(encoding="utf-8"), scores))
    session.get_one(Record, (student, unit)).page = page_digest(scores)


def _page(unit: str, notebook: str, scores: Scores) -> str:
    return feedback(unit, nbformat.reads(notebook, as_version=4), scores)


def page_digest(scores: Scores) -> str:
    """Return a digest of what the feedback page shows of ``scores``; another one when pages are made otherwise."""
    shown = digest_of(json.dumps(asdict(scores), sort_keys=True).encode())
    return digest_of(f"{pages_version()} {shown}".encode())


def output_paths(course: Path, unit: str, student: str) -> tuple[Path, Path, Path]:
    """Return where a graded submission's notebook, feedback page and verdicts are written."""
    place = Path(student) / unit / unit
    notebook, page = course / "autograded" / f"{place}.ipynb", course / "feedback" / f"{place}.html"
    return notebook, page, verdict_path(course, unit, student)


def _cells(session: Session, notebook: SubmittedNotebook) -> dict[str, str]:
    """Return the names of the notebook's cells by their ids in the database."""
    cells = select(BaseCell.id, BaseCell.name).where(BaseCell.notebook_id == notebook.notebook_id)
    return dict(session.execute(cells).all())


def _scores(session: Session, unit: str, student: str | None = None) -> dict[str, Scores]:
    """Return what the gradebook holds on ``unit``, by student; only on ``student`` if that is given."""
    found: dict[str, Scores] = {}
    who = SubmittedAssignment.student_id
    for name, penalty in session.execute(_of(unit, student, select(who, SubmittedNotebook.late_submission_penalty))):
        found[name] = Scores({}, {}, penalty or 0.0)
    for name, cell, score in session.execute(_of(unit, student, select(who, BaseCell.name, Grade.score), Grade)):
        found[name].points[cell] = score
    for name, cell, text in session.execute(_of(unit, student, select(who, BaseCell.name, Comment.comment), Comment)):
        found[name].comments[cell] = text
    return found


def _of(unit: str, student: str | None, query: Any, kind: type[Grade] | type[Comment] | None = None) -> Any:
    """Return ``query`` joined and narrowed to the submissions to ``unit``, and to their grades or comments."""
    query = query.select_from(SubmittedNotebook).join(SubmittedNotebook.assignment).join(SubmittedNotebook.notebook)
    query = query.where(Notebook.name == unit)
    if kind is not None:
        query = query.join(kind, kind.notebook_id == SubmittedNotebook.id).join(BaseCell, BaseCell.id == kind.cell_id)
    return query if student is None else query.where(SubmittedAssignment.student_id == student)


def _origin(submission: Submission | None) -> tuple[str, datetime | None, str, int]:
    """Return what decides what becomes of a submission: with the same origin, a result need not be found again."""
    if submission is None:
        return "", None, "", 0
    return submission.digest, submission.submitted_at, submission.version, submission.seed


def _origin_of(record: Record) -> tuple[str, datetime | None, str, int]:
    return record.submission, record.submitted, record.version, record.seed


def _changes(before: dict[str, float | None], unreported: tuple[Change, ...], result: Result) -> tuple[Change, ...]:
    """Return what changed since the scores ``before``, and before the changes that are still ``unreported``."""
    first = {change.exercise: change.before for change in unreported}
    changes = []
    for verdict in result.verdicts:
        was = first.get(verdict.exercise, before[verdict.cell])
        if was is not None and was != verdict.points:
            changes.append(Change(verdict.exercise, was, verdict.points, verdict.max_points, verdict.status))
    return tuple(changes)
