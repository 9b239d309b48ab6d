"""The corpus of damaged submissions: its cases, graded as one class, and what in the outcome is a surprise."""

from __future__ import annotations

import importlib
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import nbformat
from nbformat import NotebookNode

import solutions
from autograder.grading.grade import grade
from autograder.paths import instructor_path
from autograder.results import Result
from tests.hostile.table import Row

UNIT = "u01_rnn_cell"
NAME = f"{UNIT}.ipynb"
FOLDER = Path(__file__).with_name("damaged")
FULL = {str(cell.exercise): (int(cell.points or 0), "pass") for cell in solutions.unit(UNIT).exercises}
# One right submission after so many damaged ones.
NEIGHBOURS = 8


@dataclass(frozen=True)
class Case:
    """A kind of damage: the file that makes it, and the outcome that it must have."""

    name: str
    module: ModuleType

    @property
    def tries(self) -> str:
        """What is damaged, in one line."""
        return (self.module.__doc__ or "").strip().splitlines()[0]

    @property
    def student(self) -> str:
        """The name of the student's folder."""
        return getattr(self.module, "STUDENT", self.name)

    @property
    def state(self) -> str:
        """What must become of the submission: graded or unreadable."""
        return getattr(self.module, "STATE", "graded")

    @property
    def says(self) -> str:
        """What the instructor must read: of an unreadable submission why, of a graded one what was corrected."""
        return getattr(self.module, "SAYS", "")

    @property
    def verdicts(self) -> dict[str, tuple[int, str]]:
        """Points and status that each exercise must have, if the submission is graded."""
        return FULL | getattr(self.module, "LOSES", {})

    def make(self, course: Path) -> None:
        """Hand in the damaged submission in ``course``."""
        folder = course / "submitted" / self.student / UNIT
        folder.mkdir(parents=True)
        self.module.make(folder, right())

    @property
    def expected(self) -> str:
        """The outcome in a few words."""
        return _outcome(self.state, self.verdicts, self.says)


def cases() -> list[Case]:
    """Return the cases, one for each file of the folder."""
    names = sorted(path.stem for path in FOLDER.glob("[!_]*.py"))
    return [Case(name, importlib.import_module(f"tests.hostile.damaged.{name}")) for name in names]


def right() -> NotebookNode:
    """Return a new copy of the submission to unit 01 with every answer right."""
    return nbformat.read(instructor_path(UNIT), as_version=4)


def put(folder: Path, content: NotebookNode | str | bytes, name: str = NAME) -> Path:
    """Write a file of the submission and return its path."""
    path = folder / name
    text = nbformat.writes(content) if isinstance(content, NotebookNode) else content
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def make_class(course: Path) -> list[str]:
    """Hand in all cases, and right submissions between them; return the names of the students who got all right."""
    neighbours = []
    for number, case in enumerate(cases()):
        case.make(course)
        if number % NEIGHBOURS == 0:
            # Students are graded in the order of their names.
            neighbours.append(f"{case.name} next to")
            folder = course / "submitted" / neighbours[-1] / UNIT
            folder.mkdir(parents=True)
            put(folder, right())
    return neighbours


def timed(course: Path) -> Iterator[tuple[Result, float]]:
    """Grade the class in ``course``; yield each result with the seconds that passed since the one before."""
    start = time.perf_counter()
    for result in grade(course, UNIT):
        yield result, time.perf_counter() - start
        start = time.perf_counter()


def rows() -> list[Row]:
    """Grade the corpus as a class; return a line of the table for each case."""
    with tempfile.TemporaryDirectory() as place:
        course = Path(place) / "course"
        make_class(course)
        results = {result.student: (result, seconds) for result, seconds in timed(course)}
    return [row(case, *results[case.student]) for case in cases()]


def row(case: Case, result: Result, seconds: float) -> Row:
    """Return the line of the table for ``case``."""
    outcome = _outcome(result.state, verdicts(result), result.reason or result.note)
    return Row(case.name, case.tries, case.expected, outcome, seconds, tuple(_surprises(case, result)))


def verdicts(result: Result) -> dict[str, tuple[int, str]]:
    """Return points and status for each exercise."""
    return {verdict.exercise: (verdict.points, verdict.status) for verdict in result.verdicts}


def _surprises(case: Case, result: Result) -> Iterator[str]:
    told = result.reason or result.note
    if result.state != case.state:
        yield f"{result.state} ({told}), not {case.state}"
    elif case.says not in told or bool(case.says) != bool(told):
        yield f"the instructor reads {told!r}, not {case.says!r}"
    elif told and not (told.isprintable() and told.endswith(".")):
        yield f"the instructor reads {told!r}, which is no sentence on one line"
    elif case.state == "graded":
        seen = verdicts(result)
        for name, wanted in case.verdicts.items():
            if seen.get(name) != wanted:
                yield f"{name}: {seen.get(name)}, not {wanted}"


def _outcome(state: str, seen: dict[str, tuple[int, str]], told: str) -> str:
    """Return an outcome in a few words."""
    if state == "graded":
        lost = {name: status for name, (points, status) in seen.items() if (points, status) != FULL[name]}
        alike = len(lost) == len(FULL) and len(set(lost.values())) == 1
        named = [f"all {lost.popitem()[1]}"] if alike else [f"{name} {status}" for name, status in lost.items()]
        state = f"{sum(points for points, _ in seen.values())} points" + (f" ({', '.join(named)})" if named else "")
    return f"{state}: {told}" if told else state
