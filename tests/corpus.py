"""Hostile submissions: what a case file is written with, how it is loaded, and how it is run past the judge."""

from __future__ import annotations

import ast
import importlib.util
import json
import time
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

import solutions
from autograder.judge import judge
from autograder.limits import LIMITS, Limits
from autograder.paths import instructor_path
from autograder.sanitise import read_submission, released
from autograder.verdict import Verdict
from autograder.warm import Warm
from tests import witnesses

UNIT = "u01_rnn_cell"
ATTACKS = Path(__file__).parent / "attacks"
SEED = 20_260_401
FULL = {str(cell.exercise): int(cell.points or 0) for cell in solutions.unit(UNIT).exercises}
NOTHING = {exercise: (0, "fail") for exercise in FULL}
# Short, because the corpus waits for every limit that it runs into, and still no honest answer comes near them.
QUICK = replace(LIMITS, call=4.0, cell=6.0, notebook=20.0, submission=40.0)

Status = str | Collection[str]

# Code of attacks that read: prints what looks like a secret or an answer in a file, a link or a text.
LOOK = '''
import os as _os, re as _re, stat as _stat

def look(where, what="file"):
    text = where
    if what == "exists":
        text = "### BEGIN SOLUTION" if _os.path.exists(where) else ""
    if what == "file":
        try:
            if _stat.S_ISFIFO(_os.stat(where).st_mode):
                return
            with open(where, errors="replace") as file:
                text = file.read(2_000_000)
        except (OSError, ValueError):
            return
    for secret in sorted(set(_re.findall(r"canary-[a-z]+-[0-9a-f]{16}|^### BEGIN SOLUTION|^@mistake.*", text, _re.M))):
        print("found", secret)

'''


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


def wrong(nb: NotebookNode, *exercises: str) -> None:
    """Replace the answers to ``exercises``, or to all, by functions that return 0.0 whatever they are given."""
    for exercise in exercises or FULL:
        (function,) = ast.parse(_cell(released(UNIT), exercise).source).body
        assert isinstance(function, ast.FunctionDef)
        function.body = ast.parse("return 0.0").body
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

    ``points`` names the exercises that must not get full points, with None for points that depend on how far it came.
    ``raises`` says that cells of it end in an error; ``times`` is how often it is judged.
    """

    name: str
    tries: str
    unit: str
    points: Mapping[str, tuple[int | None, Status]]
    make: Callable[[NotebookNode], object]
    limits: Limits
    seconds: float
    raises: bool
    times: int

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
        nb = _right(self.unit)
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
        getattr(module, "SECONDS", 50),
        getattr(module, "RAISES", False),
        getattr(module, "TIMES", 1),
    )


def _full(unit: str) -> dict[str, int]:
    return {str(cell.exercise): int(cell.points or 0) for cell in solutions.unit(unit).exercises}


def _right(unit: str) -> NotebookNode:
    return nbformat.read(instructor_path(unit), as_version=4)


def _module(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def described(points: Mapping[str, tuple[int | None, Status]]) -> str:
    """Return points and states in a few words: the sum, and the exercises that are not right."""
    if any(got is None for got, _ in points.values()):
        return "any points"
    total = sum(got or 0 for got, _ in points.values())
    states = {name: status if isinstance(status, str) else " or ".join(sorted(status)) for name, (_, status) in points.items()}
    short = [f"{name} {points[name][0]} {state}" for name, state in states.items() if state != "pass"]
    if len(short) == len(points) and len(set(states.values())) == 1 and total == 0:
        short = [f"all {next(iter(states.values()))}"]
    return ", ".join([str(total), *short])


# -- running -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Row:
    """A line of the table: what a case tried, how it had to end, how it ended, and whatever else was noticed."""

    name: str
    tries: str
    expected: str
    outcome: str
    seconds: float
    surprises: tuple[str, ...] = ()


def run(name: str, *, trusted: bool = False) -> Row:
    """Judge the case ``name`` with all witnesses on and return what came of it; ``trusted`` leaves the sandbox out.

    Cases without limits of their own start warm. Before each of those, and after each that harms, a right submission
    is judged in the same place. Call it in a process of its own, see `tests.pool`.
    """
    case = load(name)
    warm = warm_start() if case.limits == QUICK and not trusted else None
    # A warm process that was lost is started again here, where it is not counted as left behind.
    before = _neighbour(warm) if warm else []
    start = time.perf_counter()
    with witnesses.witnesses() as seen:
        nb = _handed_in(case, seen)
        with witnesses.memory_growth() as grown:
            for _ in range(case.times):
                executed, verdicts = judge(case.unit, nb, seed=SEED, trusted=trusted, warm=warm, limits=case.limits)
        seconds = time.perf_counter() - start
        surprises = [*before, *_unexpected(case, executed, verdicts), *seen.leaks(_shown(executed, verdicts)), *seen.harm()]
    if grown[0] > witnesses.MOST_MEMORY:
        surprises.append(f"the grader grew by {grown[0] // witnesses.MIB} MiB")
    if seconds > case.seconds:
        surprises.append(f"took longer than {case.seconds:g} s")
    surprises += [f"left the file {path}" for path in witnesses.strays()]
    if case.family == "harming" and not trusted:
        surprises += _neighbour(warm)
    outcome = described({v.exercise: (v.points, v.status) for v in verdicts})
    return Row(case.name, case.tries, case.expected, outcome, round(seconds, 1), tuple(surprises))


def records(name: str) -> list[dict[str, Any]]:
    """Return the verdict records of the case ``name`` without the times, which differ from run to run."""
    case = load(name)
    with witnesses.witnesses() as seen:
        _, verdicts = judge(case.unit, _handed_in(case, seen), seed=SEED, limits=case.limits)
    return [{key: value for key, value in verdict.record().items() if key != "seconds"} for verdict in verdicts]


def _handed_in(case: Case, seen: witnesses.Witnesses) -> NotebookNode:
    """Return the submission as the grader reads it from its file."""
    path = seen.course / "submitted" / "eve" / case.unit / f"{case.unit}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(seen.told(json.dumps(case.notebook())), encoding="utf-8")
    seen.before.add(path)
    return read_submission(path)


def _unexpected(case: Case, executed: NotebookNode, verdicts: list[Verdict]) -> list[str]:
    if all(verdict.status == "ours" for verdict in verdicts):
        return [f"all ours: {verdicts[0].message}"]
    found = []
    for verdict in verdicts:
        points, status = case.points.get(verdict.exercise, (verdict.max_points, "pass"))
        states = {status} if isinstance(status, str) else set(status)
        if points not in (None, verdict.points) or verdict.status not in states:
            found.append(f"{verdict.exercise} got {verdict.points} {verdict.status}: {verdict.message[:200]}")
        if len(verdict.message) > witnesses.LONGEST_RECORD:
            found.append(f"{verdict.exercise} has a message of {len(verdict.message):,} characters")
        found += witnesses.active(verdict.message, verdict.html())
    if not case.raises:
        # An attack whose code fails before it bites would prove nothing.
        errors = [o for cell in executed.cells for o in cell.get("outputs", ()) if o.output_type == "error"]
        found += [f"the attack itself failed with {error.ename}: {error.evalue[:200]}" for error in errors]
    return found


def _shown(executed: NotebookNode, verdicts: list[Verdict]) -> str:
    """Return all that a student gets to see beside what they handed in."""
    outputs = [cell.outputs for cell in executed.cells if cell.cell_type == "code"]
    pages = [text for verdict in verdicts for text in (verdict.html(), verdict.text())]
    return json.dumps([outputs, [verdict.record() for verdict in verdicts], pages], ensure_ascii=False)


@cache
def warm_start() -> Warm:
    """Return what starts this process's warm submissions."""
    return Warm(QUICK)


def _neighbour(warm: Warm | None) -> list[str]:
    """Judge the right submission and return who was in its way."""
    _, verdicts = judge(UNIT, _right(UNIT), seed=SEED, warm=warm, limits=QUICK)
    lost = [verdict.exercise for verdict in verdicts if verdict.points < verdict.max_points]
    return [f"a right submission beside it lost points for {' and '.join(lost)}"] if lost else []
