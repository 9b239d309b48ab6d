"""The course folder: nbgrader's layout, configuration and gradebook, and the released units."""

from __future__ import annotations

import fcntl
import logging
import os
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, JSONFileConfigLoader

from autograder.errors import CourseError
from autograder.files import digest_of, is_open_to_others, write_whole
from autograder.gradebook.database import Release, ignore_sqlalchemy_warnings, open_database, transaction
from autograder.nbgrader.course_config import CONFIG, autograder_config, check, load, repair
from autograder.nbgrader.guard import close_gradebook, is_closed, put_link, without_kernel
from autograder.paths import instructor_path
from autograder.rules import RULES, read_rules
from rnnlab.specs import UNITS

JSON_CONFIG = "nbgrader_config.json"  # written by commands, read by nbgrader
SECRET = "secret"
LOG = "autograder.log"
LOCK_FILE = "grading.lock"


def config(course: Path) -> Config:
    """Return nbgrader's configuration for the course folder ``course``: the autograder's, and the course's own on top.

    Raises CourseError if such a file cannot be read, or undoes the sandbox.
    """
    settings = load(CONFIG)
    course_config = course / CONFIG.name
    if course_config.is_file() and not course_config.samefile(CONFIG):
        settings.merge(load(course_config))
    json_config = course / JSON_CONFIG
    if json_config.is_file():
        try:
            settings.merge(JSONFileConfigLoader(json_config.name, path=str(course)).load_config())
        except (OSError, ValueError) as error:
            raise CourseError(f"{json_config} cannot be read: {error}; correct it.") from None
    check(settings)
    _check_late(settings, course)
    settings.CourseDirectory.root = str(course)
    return settings


def nbgrader(course: Path, settings: Config | None = None) -> NbGraderAPI:
    """Return nbgrader's API for ``course``."""
    settings = settings or config(course)
    return NbGraderAPI(CourseDirectory(config=settings), config=settings)


def database(course: Path) -> str:
    """Return the URL of the course's gradebook: an SQLite file in the folder, unless it is configured otherwise.

    Raises CourseError if the configuration cannot be read.
    """
    return CourseDirectory(config=config(course)).db_url


def unbuilt() -> list[str]:
    """Return a sentence for each unit whose instructor notebook is not built."""
    absent = [unit for unit in UNITS if not instructor_path(unit).exists()]
    return [f"The unit {unit} is not built; run `make build`." for unit in absent]


def attended(course: Path) -> list[str]:
    """Check and repair the configuration of the course folder ``course``; return sentences for the instructor.

    Raises CourseError if its configuration cannot be read, or undoes the sandbox.
    """
    repaired = repair(course)
    config(course)
    open_paths = [path for path in (course, course / "gradebook.db", course / SECRET) if is_open_to_others(path)]
    warning = f"everybody on this machine can read {' and '.join(map(str, open_paths))}; run: chmod -R go= {course}"
    return [*([repaired] if repaired else []), *([warning] if open_paths else [])]


@contextmanager
def grading_lock(course: Path) -> Iterator[None]:
    """Lock ``course`` against other graders; the lock is released when the process ends, however it ends.

    Raises CourseError if another grader holds the lock.
    """
    path = course / LOCK_FILE
    with path.open("ab", buffering=0) as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            other = path.read_text()
            raise CourseError(
                f"{course} is being graded by another command (process {other}); wait until it is done."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()).encode())
        yield


def prepare(course: Path, unit: str) -> None:
    """Prepare ``course`` for grading ``unit``: folders, configuration, secret, and the assignment in the gradebook.

    What exists is kept, except the unit's source, which is updated from the build.
    Raises CourseError if the unit was not built.
    """
    built = instructor_path(unit)
    if not built.exists():
        raise CourseError(f"the unit {unit} is not built; run `make build` first.")
    text = without_kernel(built.read_text(encoding="utf-8"))
    digest = digest_of(text.encode())
    if repaired := repair(course):
        logging.getLogger("autograder").warning(repaired)
    with nbgrader_environment(course):
        engine = open_database(database(course))
    try:
        with transaction(engine) as session:
            known = session.get(Release, unit)
        if (
            known is None
            or known.digest != digest
            or not (course / SECRET).exists()
            or not is_closed(_source(course, unit))
        ):
            release(course, unit, text)
            # Recorded last: a run that is killed before releases the unit again.
            with transaction(engine) as session:
                session.merge(Release(unit=unit, digest=digest))
        with transaction(engine) as session:
            close_gradebook(session)
    finally:
        engine.dispose()


def release(course: Path, unit: str, text: str) -> Path:
    """Have nbgrader generate the student notebook of ``unit`` in ``course`` from its source; return its path.

    Raises CourseError, with nbgrader's message, if nbgrader fails.
    """
    source = _source(course, unit)
    source.mkdir(parents=True, exist_ok=True)
    write_whole(source / f"{unit}.ipynb", text)
    put_link(source)
    repair(course)
    secret_of(course)
    with nbgrader_environment(course):
        result = nbgrader(course).generate_assignment(unit, create=True, force=True)
    if not result["success"]:
        raise CourseError(f"nbgrader could not release {unit}: {(result.get('error') or result['log']).strip()}")
    return course / "release" / unit / f"{unit}.ipynb"


def secret_of(course: Path) -> str:
    """Return the secret from which the course's seeds are derived; the first call creates it."""
    path = course / SECRET
    if not path.exists():
        write_whole(path, secrets.token_hex(16), 0o600)
    return path.read_text(encoding="ascii").strip()


@contextmanager
def nbgrader_environment(course: Path) -> Iterator[None]:
    """Prepare this process for nbgrader, which logs to the course's log file and finds the programs that it calls."""
    folder, path = Path.cwd(), os.environ.get("PATH", "")
    # nbgrader calls `alembic` by name, which is in this Python's folder even if its environment is not activated.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{path}"
    try:
        with logged(course), ignore_sqlalchemy_warnings():
            yield
    finally:
        os.environ["PATH"] = path
        # nbgrader changes the working folder, and an exception may leave it changed.
        os.chdir(folder)


@contextmanager
def logged(course: Path) -> Iterator[logging.Logger]:
    """Yield the logger of the course's log file, to which nbgrader logs as well."""
    handler = logging.FileHandler(course / LOG)
    # If the log cannot be written, its messages are lost, nothing else.
    handler.handleError = lambda record: None  # type: ignore[method-assign]
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    loggers = [
        logging.getLogger(name)
        for name in ("autograder", "traitlets", "tornado.application", "distributed", "distributed.client")
    ]
    before = [(logger.handlers, logger.propagate) for logger in loggers]
    for logger in loggers:
        logger.handlers, logger.propagate = [handler], False
    try:
        yield loggers[0]
    finally:
        for logger, (handlers, propagate) in zip(loggers, before, strict=True):
            logger.handlers, logger.propagate = handlers, propagate
        handler.close()


def _check_late(settings: Config, course: Path) -> None:
    """Raise CourseError if lateness has two rules: a policy in rules.json and a plugin of the instructor's own."""
    plugin = settings.AssignLatePenalties.plugin_class
    if plugin != autograder_config().AssignLatePenalties.plugin_class and read_rules(course).late is not None:
        raise CourseError(
            f"{course / RULES} has a late policy, and c.AssignLatePenalties.plugin_class is {plugin}; "
            "remove one of them."
        )


def _source(course: Path, unit: str) -> Path:
    return course / "source" / unit
