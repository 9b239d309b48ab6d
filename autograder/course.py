"""The course folder: nbgrader's layout, its configuration and gradebook, and the units that it knows."""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from sqlalchemy.exc import SAWarning
from traitlets.config import Config, PyFileConfigLoader

from autograder.paths import instructor_path
from rnnlab.specs import UNITS

CONFIG = Path(__file__).parent / "nbgrader_config.py"
SECRET = "secret"
LOG = "autograder.log"


class CourseError(Exception):
    """The course folder cannot be used as it is; the message says what to do."""


def config(course: Path) -> Config:
    """Return nbgrader's configuration for the course folder ``course``."""
    settings = PyFileConfigLoader(CONFIG.name, path=str(CONFIG.parent)).load_config()
    settings.CourseDirectory.root = str(course)
    return settings


def nbgrader(course: Path, settings: Config | None = None) -> NbGraderAPI:
    """Return nbgrader's API on ``course``; what nbgrader logs goes to the course's log file."""
    settings = settings or config(course)
    return NbGraderAPI(CourseDirectory(config=settings), config=settings)


def unbuilt() -> list[str]:
    """Return a sentence for each unit whose instructor notebook is not built."""
    absent = [unit for unit in UNITS if not instructor_path(unit).exists()]
    return [f"The unit {unit} is not built; run `make build`." for unit in absent]


def prepare(course: Path, unit: str) -> None:
    """Make ``course`` ready for ``unit``: folders, configuration, secret, and the assignment in the gradebook.

    What is there already stays, but for the unit's source, which follows the build.
    Raises CourseError if the unit was not built.
    """
    built = instructor_path(unit)
    if not built.exists():
        raise CourseError(f"the unit {unit} is not built; run `make build` first.")
    source = course / "source" / unit / built.name
    if source.exists() and source.read_bytes() == built.read_bytes() and (course / "gradebook.db").exists():
        return
    release(course, unit)


def release(course: Path, unit: str) -> Path:
    """Have nbgrader generate the student notebook of ``unit`` in ``course``; return its path.

    Raises CourseError, with nbgrader's own words, if nbgrader refuses.
    """
    source = course / "source" / unit
    source.mkdir(parents=True, exist_ok=True)
    shutil.copy(instructor_path(unit), source)
    link = course / CONFIG.name
    if not link.exists():
        link.symlink_to(CONFIG)
    secret_of(course)
    with nbgrader_at_work(course):
        result = nbgrader(course).generate_assignment(unit, create=True, force=True)
    if not result["success"]:
        raise CourseError(f"nbgrader could not release {unit}: {(result.get('error') or result['log']).strip()}")
    return course / "release" / unit / f"{unit}.ipynb"


def secret_of(course: Path) -> str:
    """Return the secret from which the course's seeds are drawn; it is made at the first call."""
    path = course / SECRET
    if not path.exists():
        path.write_text(secrets.token_hex(16), encoding="ascii")
        path.chmod(0o600)
    return path.read_text(encoding="ascii").strip()


@contextmanager
def nbgrader_at_work(course: Path) -> Iterator[None]:
    """Let nbgrader work in this process: it logs to the course's log file, and finds the programs that it calls."""
    handler = logging.FileHandler(course / LOG)
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    logger = logging.getLogger("traitlets")
    before, propagate = list(logger.handlers), logger.propagate
    logger.handlers, logger.propagate = [handler], False
    folder, path = Path.cwd(), os.environ.get("PATH", "")
    # nbgrader calls `alembic` by name, which lies beside this Python even where its environment is not activated.
    os.environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{path}"
    try:
        with warnings.catch_warnings():
            # nbgrader 0.9.6 was written for an older SQLAlchemy, which did not warn of what it does.
            warnings.simplefilter("ignore", SAWarning)
            yield
    finally:
        os.environ["PATH"] = path
        # nbgrader changes the folder while it works; an exception must not leave us there.
        os.chdir(folder)
        logger.handlers, logger.propagate = before, propagate
        handler.close()
