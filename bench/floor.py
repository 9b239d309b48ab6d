"""The least that grading can cost: ``python -m bench.floor UNIT COURSE`` forks warm and marks, and nothing else.

The same cells and the same checks as in a grading run, in plain Python: no sandbox, no judge outside, no gradebook.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
import nbformat

import solutions
from autograder.judging.exams import fresh_exam
from autograder.judging.sanitise import not_executed, released
from rnnlab.checks import Own
from rnnlab.marking import mark
from rnnlab.specs import SPECS
from solutions.mistakes import mistakes


def main(unit: str, course: Path) -> None:
    """Mark every submission to ``unit`` in ``course``, each in a fork."""
    import torch

    torch.set_num_threads(1)
    mpl.use("agg")
    for seed, path in enumerate(sorted(course.glob(f"submitted/*/{unit}/{unit}.ipynb"))):
        if os.fork() == 0:
            _mark(unit, path, seed)
            os._exit(0)
        os.wait()


def _mark(unit: str, path: Path, seed: int) -> None:
    nb = nbformat.read(path, as_version=4)
    skip = not_executed(nb, released(unit))
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in nb.cells:
        if cell.cell_type == "code" and cell.id not in skip:
            exec(compile(cell.source, cell.id, "exec"), names)
    reference, known = solutions.reference(unit), mistakes(unit)
    for cell in solutions.unit(unit).exercises:
        spec = SPECS[str(cell.exercise)]
        own = [mistake for mistake in known if mistake.exercise == spec.name]
        mark(spec, fresh_exam(spec, int(cell.points or 0), reference, own, seed), Own(names[spec.name]))


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
