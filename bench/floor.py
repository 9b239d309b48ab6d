"""A lower bound of what grading costs: ``python -m bench.floor UNIT COURSE`` forks a warm process and marks.

The same cells and checks as in a grading run, in plain Python: no sandbox, no separate judge, no gradebook.
What is the same for all submissions is done before the first fork.
"""

from __future__ import annotations

import gc
import os
import sys
from pathlib import Path
from typing import Any

import matplotlib as mpl
import nbformat

import solutions
from autograder.grading.worker import imports_of
from autograder.judging.exam_builder import fresh_exam
from autograder.notebook.rebuild import not_executed
from autograder.notebook.released import released
from rnnlab.checking.marking import mark
from rnnlab.checks import LocalFunction
from rnnlab.specs import SPECS
from solutions.mistakes import mistakes


def main(unit: str, course: Path) -> None:
    """Mark every submission to ``unit`` in ``course``, each in a fork."""
    mpl.use("agg")
    exec(imports_of(unit), {})
    if "torch" in sys.modules:
        sys.modules["torch"].set_num_threads(1)
    reference, known = solutions.reference(unit), mistakes(unit)
    exercises = solutions.unit(unit).exercises
    gc.freeze()
    for seed, path in enumerate(sorted(course.glob(f"submitted/*/{unit}/{unit}.ipynb"))):
        if os.fork() == 0:
            names = _executed(unit, path)
            for cell in exercises:
                spec = SPECS[str(cell.exercise)]
                its_mistakes = [mistake for mistake in known if mistake.exercise == spec.name]
                exam = fresh_exam(spec, int(cell.points or 0), reference, its_mistakes, seed)
                mark(spec, exam, LocalFunction(names[spec.name]))
            os._exit(0)
        os.wait()


def _executed(unit: str, path: Path) -> dict[str, Any]:
    """Return the names that the cells of the notebook in ``path`` define."""
    nb = nbformat.read(path, as_version=4)
    skip = not_executed(nb, released(unit))
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in nb.cells:
        if cell.cell_type == "code" and cell.id not in skip:
            exec(compile(cell.source, cell.id, "exec"), names)
    return names


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
