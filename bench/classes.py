"""Classes to grade: the same answers submitted to this autograder, to stock nbgrader and to otter-grader."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from autograder.nbgrader.course_folder import prepare
from autograder.paths import instructor_path
from bench import equivalent
from solutions.mistakes import mistakes

MISTAKE_EVERY = 3  # one of so many students makes a known mistake


def autograder_course(folder: Path, unit: str, size: int) -> Path:
    """Make a course for the autograder with ``size`` submissions in ``folder``; return its path."""
    course = folder / "autograder"
    course.mkdir()
    prepare(course, unit)
    _hand_in(course, unit, nbformat.read(instructor_path(unit), as_version=4), size)
    return course


def stock_course(folder: Path, unit: str, size: int) -> Path:
    """Make a course for stock nbgrader with ``size`` submissions to the equivalent assignment; return its path."""
    course, nb = folder / "stock", equivalent.assignment(unit)
    source = course / "source" / unit / f"{unit}.ipynb"
    source.parent.mkdir(parents=True)
    nbformat.write(nb, source)
    subprocess.run(
        [nbgrader(), "generate_assignment", unit, "--create"],
        cwd=course,
        env=os.environ | {"PATH": path_of_programs()},
        check=True,
        capture_output=True,
    )
    _hand_in(course, unit, equivalent.handed_in(nb), size)
    return course


def otter_class(folder: Path, unit: str, size: int) -> tuple[Path, list[Path]]:
    """Make otter-grader's autograder.zip with the equivalent tests, and submissions; return their paths."""
    tests = folder / "autograder.zip"
    with zipfile.ZipFile(tests, "w") as bundle:
        bundle.writestr("otter_config.json", json.dumps({"lang": "python"}))
        for exercise, (shown, hidden) in equivalent.tests(unit).items():
            cases = [{"code": _doctest(code), "hidden": code is hidden} for code in (shown, hidden)]
            test = {"name": exercise, "points": 1, "suites": [{"cases": cases, "scored": True, "type": "doctest"}]}
            bundle.writestr(f"tests/{exercise}.py", f"OK_FORMAT = True\n\ntest = {test!r}\n")
    nb = nbformat.read(instructor_path(unit), as_version=4)
    # Otter runs its own tests after the notebook; our checks are removed.
    nb.cells = [cell for cell in nb.cells if not cell.id.endswith("-check")]
    handed_in = []
    for student, submission in submissions(unit, nb, size):
        handed_in.append(folder / f"{student}.ipynb")
        nbformat.write(submission, handed_in[-1])
    return tests, handed_in


def submissions(unit: str, right: NotebookNode, size: int) -> Iterator[tuple[str, NotebookNode]]:
    """Yield ``size`` students and their notebooks, made from the ``right`` one."""
    known = mistakes(unit)
    for number in range(size):
        nb = nbformat.from_dict(json.loads(json.dumps(right)))
        if number % MISTAKE_EVERY == MISTAKE_EVERY - 1:
            mistake = known[number // MISTAKE_EVERY % len(known)]
            next(cell for cell in nb.cells if cell.id == mistake.exercise).source = mistake.as_answer()
        yield f"student{number:04}", nb


def nbgrader() -> str:
    """Return the path of the command nbgrader."""
    return str(Path(sys.executable).with_name("nbgrader"))


def path_of_programs() -> str:
    """Return a PATH with this Python's programs first: nbgrader calls alembic by name."""
    return f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}"


def _hand_in(course: Path, unit: str, right: NotebookNode, size: int) -> None:
    for student, nb in submissions(unit, right, size):
        path = course / "submitted" / student / unit / f"{unit}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(nb, path)


def _doctest(code: str) -> str:
    """Return ``code`` as it would be typed at Python's prompt."""
    lines = code.splitlines()
    typed = []
    for statement in ast.parse(code).body:
        first, *others = lines[statement.lineno - 1 : statement.end_lineno]
        typed += [f">>> {first}", *(f"... {line}".rstrip() for line in others)]
        typed += ["... "] if others else []
    return "\n".join(typed)
