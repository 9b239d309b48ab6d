"""The gradebook's database: nbgrader's tables, two more beside them, and transactions over both."""

from __future__ import annotations

import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, TypeVar

from nbgrader.api import Gradebook, InvalidEntry, get_alembic_version
from sqlalchemy import JSON, URL, BigInteger, Engine, String, Text, create_engine, event, make_url, text
from sqlalchemy.exc import DBAPIError, OperationalError, SAWarning
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from autograder.errors import CannotRecord
from autograder.files import UNWRITABLE
from autograder.results import JsonObject

LOCK_TIMEOUT = 10  # seconds that a try waits for a lock that another process holds
TRIES = 4
PAUSE = 1.0  # seconds after the first, then three times as long each time: a server restarts meanwhile

Done = TypeVar("Done")


class Base(DeclarativeBase):
    """The tables that are not nbgrader's."""


class Record(Base):
    """The row of a result: what became of a student's last submission to a unit, and what it comes from.

    ``statuses`` maps each exercise to what its answer was or what ended it, if the submission was graded.
    ``submission``, ``verdict`` and ``page`` are SHA-256 digests: of what was handed in, of the verdicts, and of what
    the feedback page shows; ``submitted`` is when it was handed in, in UTC, if that is known; ``changes`` is what a
    regrade changed and no report has shown yet.
    """

    __tablename__ = "autograder_record"

    student: Mapped[str] = mapped_column(String(128), primary_key=True)
    unit: Mapped[str] = mapped_column(String(128), primary_key=True)
    state: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str] = mapped_column(Text)
    statuses: Mapped[dict[str, str]] = mapped_column(JSON)
    submission: Mapped[str] = mapped_column(String(64))
    submitted: Mapped[datetime | None]
    version: Mapped[str] = mapped_column(String(16))
    seed: Mapped[int] = mapped_column(BigInteger)
    verdict: Mapped[str] = mapped_column(String(64))
    page: Mapped[str] = mapped_column(String(64))
    changes: Mapped[list[JsonObject]] = mapped_column(JSON)
    recorded: Mapped[datetime]


class Release(Base):
    """A unit that the gradebook knows, and the SHA-256 digest of the instructor's notebook that it knows it from."""

    __tablename__ = "autograder_release"

    unit: Mapped[str] = mapped_column(String(128), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))


def open_database(url: str) -> Engine:
    """Return the database at ``url``, with all tables in it; raises CannotRecord if it cannot be used."""
    return retry(lambda: _open(url))


def retry(do: Callable[[], Done]) -> Done:
    """Return what ``do`` gives; what fails for want of room or of a lock is tried again, ``TRIES`` times in all.

    Raises CannotRecord with the reason of the last failure.
    """
    for attempt in range(TRIES):
        try:
            return do()
        except (OSError, OperationalError, InvalidEntry) as error:
            # nbgrader wraps whatever the database says into an exception of its own.
            reason = _reason(error.__context__ if isinstance(error, InvalidEntry) else error)
            if reason is None:
                raise
            if attempt == TRIES - 1:
                raise CannotRecord(reason) from error
            time.sleep(PAUSE * 3**attempt)
    raise AssertionError("the last try returns or raises")


def message_of(error: DBAPIError) -> str:
    """Return what the database says of a fault, without the advice that comes after the first line."""
    return str(error.orig).strip().partition("\n")[0].rstrip(".")


def _reason(error: BaseException | None) -> str | None:
    """Return why nothing can be written at the moment, None if the error has nothing to do with that."""
    match error:
        case OperationalError():
            return f"the gradebook's database says: {message_of(error)}"
        case OSError() if error.errno in UNWRITABLE:
            return f"{error.strerror}" + (f": {error.filename}" if error.filename else "")
    return None


def _open(url: str) -> Engine:
    with ignore_sqlalchemy_warnings():
        Gradebook(url).close()
    engine = create_engine(url, connect_args=connect_args(make_url(url)))
    if engine.dialect.name == "sqlite":
        # The driver would begin a transaction only at the first change, when it may be too late to get the lock.
        event.listen(engine, "connect", lambda connection, _: setattr(connection, "isolation_level", None))
        event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        # nbgrader writes the version of its tables last; a run that is killed on the way leaves it out for ever.
        connection.execute(text("CREATE TABLE IF NOT EXISTS alembic_version (version_num VARCHAR(32) NOT NULL)"))
        if connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 0:
            version = {"version": get_alembic_version()}
            connection.execute(text("INSERT INTO alembic_version (version_num) VALUES (:version)"), version)
    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """Give a session in which everything is written at the end, or nothing if there is an exception.

    What is committed in the session on the way is not final either.
    """
    with (
        ignore_sqlalchemy_warnings(),
        engine.begin() as connection,
        Session(connection, join_transaction_mode="rollback_only", expire_on_commit=False) as session,
    ):
        yield session
        session.commit()


class SharedGradebook(Gradebook):
    """nbgrader's gradebook on a session that may hold other changes, too."""

    def __init__(self, session: Session) -> None:
        self.db, self.course_id, self.authenticator = session, "default_course", None


def connect_args(url: URL) -> dict[str, Any]:
    """Return what bounds the driver's waiting by ``LOCK_TIMEOUT``: for a lock, a connection, or a silent server."""
    if url.get_backend_name() == "sqlite":
        return {"timeout": LOCK_TIMEOUT}
    # As in SQLite: what a transaction has read is still so when it writes, or else it fails and is tried again.
    options = f"-c lock_timeout={LOCK_TIMEOUT}s -c default_transaction_isolation=serializable"
    silence = {"tcp_user_timeout": 1000 * LOCK_TIMEOUT, "keepalives_idle": LOCK_TIMEOUT, "keepalives_interval": 1}
    return {"connect_timeout": LOCK_TIMEOUT, "options": options, **silence}


@contextmanager
def ignore_sqlalchemy_warnings() -> Iterator[None]:
    """nbgrader 0.9.6 was written for an older SQLAlchemy, which did not warn of what it does."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SAWarning)
        yield
