"""Seconds for each check in the student's notebook, in a Jupyter kernel as in JupyterLab."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from statistics import median

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from autograder.paths import instructor_path
from rnnlab.specs import UNITS
from solutions.mistakes import mistakes

REPEATS = 3
QUIET = ["--log-level=ERROR"]


@dataclass(frozen=True)
class Check:
    """The seconds of a check, from the kernel's first message to its reply: the median of several, and the first."""

    exercise: str
    answer: str
    seconds: float
    first: float


def measure() -> list[Check]:
    """Return the times of all checks of all units: of the right answer, and of one known mistake where there is one."""
    return [check for unit in UNITS for check in _unit(unit)]


def _unit(unit: str) -> list[Check]:
    nb = nbformat.read(instructor_path(unit), as_version=4)
    code = [cell for cell in nb.cells if cell.cell_type == "code"]
    exercises = [cell.id.removesuffix("-check") for cell in code if cell.metadata.get("nbgrader", {}).get("grade")]
    defining = [cell for cell in code if not cell.id.endswith("-check") and "demo" not in cell.metadata.get("tags", ())]
    wrong = {mistake.exercise: mistake.as_answer() for mistake in mistakes(unit)}
    asked = [(exercise, "right", _cell(nb, exercise)) for exercise in exercises]
    asked += [(exercise, "wrong", wrong[exercise]) for exercise in exercises if exercise in wrong]
    checks = []
    client = NotebookClient(nb, timeout=60, allow_errors=True, record_timing=True, extra_arguments=QUIET)
    with client.setup_kernel():
        for cell in defining:
            client.execute_cell(cell, nb.cells.index(cell))
        for exercise, answer, source in asked:
            _execute(client, nb, source)
            times = [_execute(client, nb, f"check({exercise})") for _ in range(REPEATS)]
            checks.append(Check(exercise, answer, median(times), times[0]))
            _execute(client, nb, _cell(nb, exercise))
    return checks


def _cell(nb: NotebookNode, key: str) -> str:
    return str(next(cell.source for cell in nb.cells if cell.id == key))


def _execute(client: NotebookClient, nb: NotebookNode, source: str) -> float:
    """Execute ``source`` in a cell of its own at the end and return the seconds that it took."""
    nb.cells.append(nbformat.v4.new_code_cell(source))
    times = client.execute_cell(nb.cells[-1], len(nb.cells) - 1).metadata.execution
    begin, end = (datetime.fromisoformat(times[name]) for name in ("iopub.execute_input", "shell.execute_reply"))
    return (end - begin).total_seconds()
