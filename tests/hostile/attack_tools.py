"""Hostile submissions: what a case file is written with, and how it is loaded."""

from __future__ import annotations

import ast
import importlib.util
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

import solutions
from autograder.notebook.released import released
from autograder.paths import instructor_path
from autograder.sandbox.limits import LIMITS, Limits

UNIT = "u01_rnn_cell"
ATTACKS = Path(__file__).parent / "attacks"
FULL = {str(cell.exercise): int(cell.points or 0) for cell in solutions.unit(UNIT).exercises}
NOTHING = dict.fromkeys(FULL, (0, "fail"))
# Short, because the corpus waits for every limit that it runs into, and still no honest answer comes near them.
QUICK = replace(LIMITS, call=4.0, cell=6.0, notebook=20.0, submission=60.0)

Status = str | Collection[str]

# Code of attacks that read: prints what looks like a secret or an answer in a file, a link or a text.
LOOK = """
import os as _os, re as _re

def look(where, what="file"):
    text = where
    if what == "exists":
        text = "### BEGIN SOLUTION" if _os.path.exists(where) else ""
    if what == "file":
        try:
            descriptor = _os.open(where, _os.O_RDONLY | _os.O_NONBLOCK)
            with open(descriptor, errors="replace") as file:
                text = file.read(2_000_000)
        except (OSError, TypeError, ValueError):
            return
    for secret in sorted(set(_re.findall(r"canary-[a-z]+-[0-9a-f]{16}|^### BEGIN SOLUTION|^@mistake.*", text, _re.M))):
        print("found", secret)

"""

# Code of attacks that fork: has so many children each do some work, and waits for them.
CHILDREN = """
import os

def children(count, work):
    pids = []
    for _ in range(count):
        if (pid := os.fork()) == 0:
            try:
                work()
            finally:
                os._exit(0)
        pids.append(pid)
    for pid in pids:
        os.waitpid(pid, 0)

"""


# -- what a case is written with ---------------------------------------------------------------------------------------


def put(nb: NotebookNode, exercise: str, code: str) -> None:
    """Hand in ``code`` as the answer to ``exercise``."""
    _cell(nb, exercise).source = code.strip()


def append(nb: NotebookNode, exercise: str, code: str) -> None:
    """Add ``code`` to the answer's cell."""
    _cell(nb, exercise).source += f"\n\n{code.strip()}"


def first(nb: NotebookNode, code: str) -> None:
    """Add a cell with ``code`` before all others."""
    nb.cells.insert(0, new_code_cell(code.strip(), id=f"first-{len(nb.cells)}"))


def last(nb: NotebookNode, code: str) -> None:
    """Add a cell with ``code`` behind all others."""
    nb.cells.append(new_code_cell(code.strip(), id=f"last-{len(nb.cells)}"))


def wrong(nb: NotebookNode, *exercises: str, body: str = "return 0.0") -> None:
    """Replace the answers to ``exercises``, or to all, by functions that do the same whatever they are given."""
    for exercise in exercises or FULL:
        (function,) = ast.parse(_cell(released(UNIT), exercise).source).body
        assert isinstance(function, ast.FunctionDef)
        function.body = ast.parse(body).body
        put(nb, exercise, ast.unparse(function))


def unwritten(nb: NotebookNode, *exercises: str) -> None:
    """Hand in ``exercises``, or all, as the course gives them out."""
    for exercise in exercises or FULL:
        put(nb, exercise, _cell(released(UNIT), exercise).source)


def checks(nb: NotebookNode) -> list[NotebookNode]:
    """Return the cells that grade, in the order of the notebook."""
    return [cell for cell in nb.cells if cell.id in {f"{exercise}-check" for exercise in FULL}]


def _cell(nb: NotebookNode, key: str) -> NotebookNode:
    return next(cell for cell in nb.cells if cell.id == key)


# -- cases -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Case:
    """A hostile submission: what it tries, the points and states that are right for it, and how it is made.

    ``points`` names the exercises that must not get full points; it is judged ``times`` times in a row.
    ``files`` lie beside the notebook.
    """

    name: str
    tries: str
    unit: str
    points: Mapping[str, tuple[int, Status]]
    make: Callable[[NotebookNode], object]
    limits: Limits
    times: int
    files: Mapping[str, bytes]

    @property
    def family(self) -> str:
        """What it is after: forging, reading or harming."""
        return self.name.partition("_")[0]

    @property
    def expected(self) -> str:
        """The right outcome in a few words."""
        return described({name: self.points.get(name, (most, "pass")) for name, most in _full(self.unit).items()})

    def notebook(self) -> NotebookNode:
        """Return the submission's notebook, made from the one with every answer right."""
        nb = right(self.unit)
        self.make(nb)
        return nb


def names() -> list[str]:
    """Return the names of all cases, sorted."""
    return sorted(path.stem for path in ATTACKS.glob("*_*.py") if not path.stem.startswith("_"))


def load(name: str) -> Case:
    """Return the case in the file of that name."""
    module = _module(ATTACKS / f"{name}.py")
    return Case(
        name,
        (module.__doc__ or "").strip().splitlines()[0],
        getattr(module, "UNIT", UNIT),
        module.POINTS,
        module.make,
        replace(QUICK, **getattr(module, "LIMITS", {})),
        getattr(module, "TIMES", 1),
        getattr(module, "FILES", {}),
    )


def _full(unit: str) -> dict[str, int]:
    return {str(cell.exercise): int(cell.points or 0) for cell in solutions.unit(unit).exercises}


def right(unit: str) -> NotebookNode:
    """Return the submission to ``unit`` with every answer right."""
    return nbformat.read(instructor_path(unit), as_version=4)


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def described(points: Mapping[str, tuple[int, Status]]) -> str:
    """Return points and states in a few words: the sum, and the exercises that are not right."""
    total = str(sum(got for got, _ in points.values()))
    groups: dict[str, list[str]] = {}
    for name, (got, status) in points.items():
        state = status if isinstance(status, str) else " or ".join(sorted(status))
        if state != "pass":
            groups.setdefault(f"{got} {state}", []).append(name)
    if list(groups.values()) == [list(points)]:
        return f"{total}, all {next(iter(groups)).partition(' ')[2]}"
    return ", ".join([total, *(f"{' '.join(names)} {state}" for state, names in groups.items())])
