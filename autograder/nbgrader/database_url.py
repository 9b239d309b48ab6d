"""PostgreSQL for a course's gradebook: chosen with --db, stored in the course folder, and checked before use."""

from __future__ import annotations

import json
from importlib.util import find_spec
from pathlib import Path

from nbgrader.api import Student
from sqlalchemy import URL, create_engine, func, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError, DBAPIError

from autograder.errors import CourseError
from autograder.files import write_whole
from autograder.gradebook.database import connect_args, message_of
from autograder.nbgrader.course_folder import JSON_CONFIG, database

URL_FORM = "postgresql+psycopg://USER@HOST/DATABASE"
INSTALL = "pip install -c constraints.txt -e '.[postgresql]'"


def configure_database(course: Path, url: str | None) -> None:
    """Check that the gradebook of ``course`` can be used, and put it into the database at ``url``, if given.

    The choice is written to a file in the course folder that nbgrader's own commands read as well.
    Raises CourseError if the database cannot be used, or if the course or the database has another gradebook already.
    """
    current = _parsed(database(course))
    if url is None:
        if current.get_backend_name() != "sqlite":
            _check(current)
        return
    wanted = _parsed(url)
    if _place(wanted) == _place(current):
        if wanted.username == current.username and wanted.password is None and current.password:
            wanted = current
        _check(wanted)
    else:
        _check_first_choice(course, current, wanted)
    if wanted != current:
        _remember(course, wanted)


def gradebook_of(course: Path) -> Path | str:
    """Return where the gradebook of ``course`` is: a file, or a URL with its password hidden."""
    url = _parsed(database(course))
    return Path(str(url.database)) if url.get_backend_name() == "sqlite" else url.render_as_string()


def _parsed(url: str) -> URL:
    """Return ``url`` parsed; raises CourseError unless it is a URL of SQLite or PostgreSQL."""
    try:
        parsed = make_url(url if url.split() == [url] else "")
    except (ArgumentError, ValueError):
        raise CourseError(f"the URL of the gradebook's database is malformed; write it as {URL_FORM}.") from None
    if parsed.drivername in ("sqlite", "sqlite+pysqlite"):
        return parsed
    if parsed.drivername not in ("postgresql", "postgresql+psycopg"):
        raise CourseError(f"the gradebook cannot be in a database of {parsed.drivername}; write {URL_FORM}.")
    if "@" in (parsed.host or "") or "password" in parsed.query:
        raise CourseError(f"the password is in the wrong place; write {URL_FORM} and see docs/postgresql.md.")
    return parsed.set(drivername="postgresql+psycopg")


def _text(url: URL) -> str:
    return url.render_as_string(hide_password=False)


def _place(url: URL) -> tuple[object, ...]:
    """Return what identifies a database: the URL without user, password and options."""
    server = (url.host or url.query.get("host"), url.port or url.query.get("port"), url.query.get("service"))
    return url.get_backend_name(), *server, url.database


def _check_first_choice(course: Path, current: URL, wanted: URL) -> None:
    """Raise CourseError unless the gradebook of ``course``, now ``current``, can be created in ``wanted``."""
    if wanted.get_backend_name() == "sqlite":
        raise CourseError(f"--db is for PostgreSQL; without it, the gradebook is {gradebook_of(course)}.")
    if current.get_backend_name() != "sqlite":
        raise CourseError(
            f"the gradebook of {course} is in {gradebook_of(course)}, and a course has only one; "
            f"leave out --db, or, if that database has moved, write its new URL into {course / JSON_CONFIG}."
        )
    if Path(str(current.database)).exists() and _has_students(current):
        raise CourseError(
            f"the gradebook of {course} is {current.database}, and a course has only one; leave out --db, "
            "or move that file away to grade all submissions anew, losing scores and comments given by hand."
        )
    _check(wanted)
    if _has_students(wanted):
        raise CourseError(
            f"{wanted.render_as_string()} holds the grades of another course folder; make a database for this "
            f"one, or, if it is the same course, bring {JSON_CONFIG} and secret from that folder."
        )


def _check(url: URL) -> None:
    """Raise CourseError unless the database can be reached and written to, and its encoding is UTF8."""
    if find_spec("psycopg") is None:
        raise CourseError(f"PostgreSQL needs the library psycopg, which is not installed; run {INSTALL}.")
    place = url.render_as_string()
    engine = create_engine(url, connect_args=connect_args(url))
    try:
        with engine.connect() as connection:
            encoding = connection.execute(text("SHOW server_encoding")).scalar()
            allowed = connection.execute(text("SELECT has_schema_privilege(current_schema(), 'CREATE')")).scalar()
    except DBAPIError as error:
        raise CourseError(f"{place} cannot be used: {message_of(error)}.") from None
    finally:
        engine.dispose()
    if encoding != "UTF8":
        raise CourseError(
            f"{place} has the encoding {encoding}, which cannot hold every name; "
            "make a database with createdb --encoding=UTF8 --template=template0."
        )
    if not allowed:
        raise CourseError(
            f"{place} does not let this user make tables; have its owner run ALTER DATABASE … OWNER TO this user."
        )


def _has_students(url: URL) -> bool:
    engine = create_engine(url, connect_args=connect_args(url))
    try:
        with engine.connect() as connection:
            known = inspect(connection).has_table(Student.__tablename__)
            return known and bool(connection.execute(select(func.count()).select_from(Student)).scalar())
    except DBAPIError as error:
        raise CourseError(f"{url.render_as_string()} cannot be used: {message_of(error)}.") from None
    finally:
        engine.dispose()


def _remember(course: Path, url: URL) -> None:
    """Write ``url`` to the JSON file from which traitlets, and so nbgrader, reads settings."""
    path = course / JSON_CONFIG
    settings = json.loads(path.read_text()) if path.exists() else {}
    settings.setdefault("CourseDirectory", {})["db_url"] = _text(url)
    write_whole(path, json.dumps(settings, indent=1) + "\n", 0o600 if url.password else 0o644)
