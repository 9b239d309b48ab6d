"""The writer: puts what became of a submission into gradebook and course folder, all of it or nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, TypeVar

import nbformat
from nbgrader.api import BaseCell, Comment, Grade, Notebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.preprocessors import AssignLatePenalties
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from traitlets.config import Config

from autograder.files import digest_of, sweep, write_whole
from autograder.gradebook.database import Record, SharedGradebook, open_database, retry, transaction
from autograder.gradebook.verdictfile import VERDICTS, verdict_file, verdict_path
from autograder.pages.feedback import feedback
from autograder.results import Judged
from autograder.scores import Scores
from autograder.version import pages_version

READ_ONLY = 0o444  # as nbgrader leaves autograded notebooks

Written = TypeVar("Written")


@dataclass(frozen=True)
class Origin:
    """What decides what becomes of a submission: the same origin, the same outcome.

    ``submission`` is the SHA-256 digest of its file, ``submitted`` when it was handed in (UTC), if that is known.
    """

    submission: str
    submitted: datetime | None
    version: str
    seed: int

    def decided(self, record: Record) -> bool:
        """Return whether ``record`` tells what became of this very submission."""
        return self == Origin(record.submission, record.submitted, record.version, record.seed)


class Recorder:
    """A context manager: the one writer to a course's gradebook, and to its folders autograded, feedback, verdicts."""

    def __init__(self, course: Path, unit: str, url: str, settings: Config) -> None:
        self._course = course
        self._unit = unit
        self._url = url
        self._late = AssignLatePenalties(config=settings)
        self._late.init_plugin()

    def __enter__(self) -> Recorder:
        """Open the database; raises CannotRecord."""
        self._engine = open_database(self._url)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._engine.dispose()

    def sweep(self) -> None:
        """Clear away what a killed run left half written; nobody else may be writing."""
        folders = [path for top in ("autograded", "feedback") for path in (self._course / top).glob(f"*/{self._unit}")]
        sweep([*folders, self._course / VERDICTS / self._unit])

    def records(self) -> dict[str, Record]:
        """Return the records of the unit by student; raises CannotRecord."""
        return self._retry(lambda session: {r.student: r for r in session.scalars(self._of_unit(select(Record)))})

    def save(self, student: str, origin: Origin, judged: Judged) -> list[dict[str, Any]]:
        """Record what became of ``student``'s submission; return what changed since it was graded before.

        Scores and comments that a person gave stay, and are to be looked at again as nbgrader has it.
        Unless it was graded, the gradebook keeps what it has. Raises CannotRecord.
        """
        return self._retry(lambda session: self._save(session, student, origin, judged))

    def standings(self) -> dict[str, Scores]:
        """Return what the gradebook holds on the unit now, by student; raises CannotRecord."""
        return self._retry(lambda session: _standings(session, self._unit))

    def show(self, student: str, standing: Scores) -> None:
        """Write the feedback page of a graded submission again, as people have changed it; raises CannotRecord."""
        self._retry(lambda session: self._show(session, student, standing))

    def changes_told(self) -> None:
        """Note that the changes have been reported, all of them; raises CannotRecord."""
        self._retry(lambda session: session.execute(self._of_unit(update(Record)).values(changes=[])))

    def _retry(self, write: Callable[[Session], Written]) -> Written:
        def once() -> Written:
            with transaction(self._engine) as session:
                return write(session)

        return retry(once)

    def _of_unit(self, statement: Any) -> Any:
        return statement.where(Record.unit == self._unit)

    def _save(self, session: Session, student: str, origin: Origin, judged: Judged) -> list[dict[str, Any]]:
        earlier = session.get(Record, (student, self._unit))
        changes, verdict, standing = earlier.changes if earlier else [], "", ""
        SharedGradebook(session).update_or_create_student(student)
        if judged.standing is not None:
            file = verdict_file(student, self._unit, origin.seed, origin.submission, judged.records)
            verdict = file.verdict
            again = earlier is not None and earlier.submission == origin.submission
            before = self._grade(session, student, origin, judged.standing)
            standing = self._write_pages(session, student, judged)
            changes = _changes(before, changes, judged) if again else []
            write_whole(verdict_path(self._course, self._unit, student), file.text())
        session.merge(
            Record(
                student=student,
                unit=self._unit,
                state=judged.state,
                reason=judged.reason,
                statuses={record["exercise"]: record["status"] for record in judged.records},
                submission=origin.submission,
                submitted=origin.submitted,
                version=origin.version,
                seed=origin.seed,
                verdict=verdict,
                standing=standing,
                changes=changes,
                recorded=datetime.now(UTC).replace(tzinfo=None),
            )
        )
        return changes

    def _grade(self, session: Session, student: str, origin: Origin, standing: Scores) -> dict[str, float | None]:
        """Write the grades; return the automatic scores as they were, by cell."""
        book = SharedGradebook(session)
        when = {} if origin.submitted is None else {"timestamp": origin.submitted}
        submission = book.update_or_create_submission(self._unit, student, **when)
        notebook = book.find_submission_notebook(self._unit, self._unit, student)
        cells = _cells(session, notebook)
        before = {cells[grade.cell_id]: grade.auto_score for grade in notebook.grades}
        for grade in notebook.grades:
            grade.auto_score = standing.scores[cells[grade.cell_id]]
            grade.needs_manual_grade = grade.manual_score is not None or grade.auto_score is None
        for comment in notebook.comments:
            comment.auto_comment = standing.comments[cells[comment.cell_id]]
        notebook.late_submission_penalty = self._penalty(submission, notebook)
        session.flush()
        return before

    def _penalty(self, submission: SubmittedAssignment, notebook: SubmittedNotebook) -> float | None:
        """Return the points that lateness costs, by the rule that the course has configured for nbgrader."""
        late = submission.total_seconds_late
        if late <= 0:
            return None
        penalty = self._late.plugin_inst.late_submission_penalty(submission.student_id, notebook.score, late)
        return None if penalty is None else self._late._check_late_penalty(notebook, penalty)

    def _write_pages(self, session: Session, student: str, judged: Judged) -> str:
        """Write notebook and feedback page; return the digest of the standing that the page shows."""
        standing = _standings(session, self._unit, student)[student]
        notebook, page, _ = output_paths(self._course, self._unit, student)
        write_whole(notebook, judged.notebook, READ_ONLY)
        as_judged = standing == judged.standing
        write_whole(page, judged.page if as_judged else self._page(judged.notebook, standing))
        return page_digest(standing)

    def _show(self, session: Session, student: str, standing: Scores) -> None:
        notebook, page, _ = output_paths(self._course, self._unit, student)
        write_whole(page, self._page(notebook.read_text(encoding="utf-8"), standing))
        session.get_one(Record, (student, self._unit)).standing = page_digest(standing)

    def _page(self, notebook: str, standing: Scores) -> str:
        return feedback(self._unit, nbformat.reads(notebook, as_version=4), standing)


def page_digest(standing: Scores) -> str:
    """Return a digest of what the feedback page shows of ``standing``; another one when pages are made otherwise."""
    return digest_of(f"{pages_version()} {standing.digest()}".encode())


def output_paths(course: Path, unit: str, student: str) -> tuple[Path, Path, Path]:
    """Return where a graded submission's notebook, feedback page and verdicts are written."""
    place = Path(student) / unit / unit
    notebook, page = course / "autograded" / f"{place}.ipynb", course / "feedback" / f"{place}.html"
    return notebook, page, verdict_path(course, unit, student)


def _cells(session: Session, notebook: SubmittedNotebook) -> dict[str, str]:
    """Return the names of the notebook's cells by their ids in the database."""
    cells = select(BaseCell.id, BaseCell.name).where(BaseCell.notebook_id == notebook.notebook_id)
    return dict(session.execute(cells).all())


def _standings(session: Session, unit: str, student: str | None = None) -> dict[str, Scores]:
    """Return what the gradebook holds on ``unit``, by student; only on ``student`` if that is given."""
    found: dict[str, Scores] = {}
    who = SubmittedAssignment.student_id
    for name, penalty in session.execute(_of(unit, student, select(who, SubmittedNotebook.late_submission_penalty))):
        found[name] = Scores({}, {}, penalty or 0.0)
    for name, cell, score in session.execute(_of(unit, student, select(who, BaseCell.name, Grade.score), Grade)):
        found[name].scores[cell] = score
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


def _changes(before: dict[str, float | None], untold: list[dict[str, Any]], judged: Judged) -> list[dict[str, Any]]:
    """Return what changed since the scores ``before``, and before what has changed earlier and is still ``untold``."""
    first = {change["exercise"]: change["before"] for change in untold}
    changes = []
    for record in judged.records:
        was = first.get(record["exercise"], before[f"{record['exercise']}-check"])
        if was is not None and was != record["points"]:
            told = {name: record[name] for name in ("exercise", "max_points", "status")}
            changes.append({**told, "before": was, "after": record["points"]})
    return changes
