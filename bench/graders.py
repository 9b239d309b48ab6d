"""Runs the three graders on a class, from the folder of submissions to gradebook and feedback."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from autograder.paths import ROOT
from bench import classes, clock
from bench.clock import Spent

OTTER = ROOT / "build" / "bench" / "otter"
OTTER_VERSION = "otter-grader[grading]==7.0.0"


@dataclass(frozen=True)
class Line:
    """A linear cost: ``start`` seconds, and ``each`` per submission."""

    start: float
    each: float

    def at(self, size: int) -> float:
        """Return the seconds for ``size`` submissions."""
        return self.start + self.each * size


def autograder(unit: str, size: int, workers: int | None = None) -> Spent:
    """Return what `autograder grade` costs for a class of ``size``."""
    with tempfile.TemporaryDirectory() as folder:
        course = classes.autograder_course(Path(folder), unit, size)
        command = [str(Path(sys.executable).with_name("autograder")), "grade", unit, "--course", str(course)]
        command += [] if workers is None else ["--workers", str(workers)]
        spent = clock.run(command, Path(folder), {"PYTHONPATH": str(ROOT)})
        _expect(len(list((course / "feedback").glob(f"*/{unit}/{unit}.html"))), size)
        return spent


def stock(unit: str, size: int) -> Spent:
    """Return what `nbgrader autograde` and `nbgrader generate_feedback` cost together for a class of ``size``."""
    with tempfile.TemporaryDirectory() as folder:
        course = classes.stock_course(Path(folder), unit, size)
        environment = {"PATH": classes.path_of_programs(), "PYTHONPATH": str(ROOT)}
        steps = [
            clock.run([classes.nbgrader(), step, unit], course, environment)
            for step in ("autograde", "generate_feedback")
        ]
        _expect(len(list((course / "feedback").glob(f"*/{unit}/{unit}.html"))), size)
        return Spent(sum(s.wall for s in steps), sum(s.cpu for s in steps), max(s.memory for s in steps))


def otter(unit: str, size: int) -> Spent:
    """Return what `otter run` costs for ``size`` submissions one after another; its feedback is a file of results."""
    with tempfile.TemporaryDirectory() as folder:
        tests, handed_in = classes.otter_class(Path(folder), unit, size)
        spent = []
        for notebook in handed_in:
            command = [str(OTTER / "bin" / "otter"), "run", str(notebook), "-a", str(tests), "-o", folder, "--no-logo"]
            spent.append(clock.run(command, Path(folder), {"PYTHONPATH": str(ROOT)}))
            (Path(folder) / "results.json").unlink()
        return Spent(sum(s.wall for s in spent), sum(s.cpu for s in spent), max(s.memory for s in spent))


def floor(unit: str, size: int) -> Spent:
    """Return what the checks alone cost in warm forks of plain Python, see `bench.floor`."""
    with tempfile.TemporaryDirectory() as folder:
        course = classes.autograder_course(Path(folder), unit, size)
        return clock.run(
            [sys.executable, "-m", "bench.floor", unit, str(course)], Path(folder), {"PYTHONPATH": str(ROOT)}
        )


def line(small: tuple[int, float], large: tuple[int, float]) -> Line:
    """Return the line through the seconds of a small and of a large class, given as (size, seconds)."""
    each = (large[1] - small[1]) / (large[0] - small[0])
    return Line(small[1] - each * small[0], each)


def middle(spent: list[Spent]) -> Spent:
    """Return the medians of wall and CPU, and the highest memory."""
    return Spent(median(s.wall for s in spent), median(s.cpu for s in spent), max(s.memory for s in spent))


def install_otter() -> None:
    """Install otter-grader into an environment of its own, which can also import the packages of this one."""
    if (OTTER / "bin" / "otter").exists():
        return
    shutil.rmtree(OTTER, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", str(OTTER)], check=True)
    packages = next(OTTER.glob("lib/python*/site-packages"))
    (packages / "course.pth").write_text(f"{next(Path(sys.prefix).glob('lib/python*/site-packages'))}\n")
    pip = [str(OTTER / "bin" / "pip"), "install", "-q", "--disable-pip-version-check", OTTER_VERSION]
    subprocess.run(pip, check=True, stderr=subprocess.DEVNULL)


def _expect(pages: int, size: int) -> None:
    if pages != size:
        raise clock.CommandFailed(f"expected {size} feedback pages, found {pages}")
