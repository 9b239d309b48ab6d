"""Submissions to try things on: the right one and the untouched one."""

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

import solutions
from autograder.build import write_instructor
from autograder.nbgrader.course_folder import prepare
from autograder.notebook.released import released
from bench.postgresql_server import Server
from rnnlab.specs import UNITS
from tests.autograder.submissions import UNIT


@pytest.fixture(scope="session")
def instructor_path() -> Path:
    """The instructor's notebook of unit 01, in the place where the grader looks for it; the others are built, too."""
    paths = {unit: write_instructor(solutions.unit(unit)) for unit in UNITS}
    return paths[UNIT]


@pytest.fixture
def right(instructor_path: Path) -> NotebookNode:
    """A submission with every answer right."""
    return nbformat.read(instructor_path, as_version=4)


@pytest.fixture
def untouched() -> NotebookNode:
    """A submission that is the released notebook."""
    return nbformat.from_dict(released(UNIT))


@pytest.fixture(scope="session")
def _released_course(instructor_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    course = tmp_path_factory.mktemp("released")
    (course / "secret").write_text("0123456789abcdef")
    prepare(course, UNIT)
    return course


@pytest.fixture
def released_course(_released_course: Path, tmp_path: Path) -> Path:
    """A course of this test's own, with unit 01 released and nothing handed in."""
    return shutil.copytree(_released_course, tmp_path / "course", symlinks=True)


@pytest.fixture(scope="module")
def postgresql() -> Iterator[Server]:
    """A PostgreSQL server."""
    with Server() as server:
        yield server


@pytest.fixture
def url(postgresql: Server) -> str:
    """The URL of an empty database on it, of this test's own."""
    return postgresql.database()


@pytest.fixture(scope="module")
def programs() -> Iterator[None]:
    """Nbgrader finds the programs that it calls, as in an activated environment."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PATH", f"{Path(sys.executable).parent}:{os.environ['PATH']}")
        yield
