"""Submissions to try things on: the right one and the untouched one."""

from pathlib import Path

import nbformat
import pytest
from nbformat import NotebookNode

import solutions
from autograder.build import write_instructor
from autograder.sanitise import released
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
    """A submission as it was given out."""
    return nbformat.from_dict(released(UNIT))
