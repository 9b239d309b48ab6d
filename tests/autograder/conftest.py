"""Submissions to try things on: the right one, the untouched one, and ways to change them."""

import inspect
import re

import nbformat
import pytest

import solutions
from autograder.build import write_instructor
from autograder.sanitise import released

UNIT = "u01_rnn_cell"


def cell_of(nb, key):
    """Return the cell with the id ``key``."""
    return next(cell for cell in nb.cells if cell.id == key)


def source_of(mistake):
    """Return the source of a known mistake under the name of its exercise."""
    lines = [line for line in inspect.getsource(mistake.function).splitlines() if not line.startswith("@")]
    return re.sub(rf"^def {mistake.function.__name__}\(", f"def {mistake.exercise}(", "\n".join(lines), flags=re.M)


@pytest.fixture(scope="session")
def instructor_path():
    """The instructor's notebook, in the place where the grader looks for it."""
    return write_instructor(solutions.unit(UNIT))


@pytest.fixture
def right(instructor_path):
    """A submission with every answer right."""
    return nbformat.read(instructor_path, as_version=4)


@pytest.fixture
def untouched():
    """A submission as it was given out."""
    return nbformat.from_dict(released(UNIT))
