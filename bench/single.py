"""Measures `autograder verdict` for one notebook, and importing the libraries that it needs."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from statistics import median

from autograder.paths import ROOT, instructor_path
from bench import clock

IMPORTS = "import numpy, torch, IPython, nbgrader"


def measure(unit: str, repeats: int) -> tuple[float, float]:
    """Return the median seconds of `autograder verdict` for a correct notebook of ``unit``, and of the imports alone.

    The two take turns.
    """
    verdict = [str(Path(sys.executable).with_name("autograder")), "verdict", str(instructor_path(unit))]
    verdicts, imports = [], []
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(repeats):
            verdicts.append(clock.run(verdict, Path(folder), {"PYTHONPATH": str(ROOT)}).wall)
            imports.append(clock.run([sys.executable, "-c", IMPORTS], Path(folder)).wall)
    return median(verdicts), median(imports)
