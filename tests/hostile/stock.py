"""Stock nbgrader 0.9.6 on the corpus of hostile submissions, beside our grader.

``python -m tests.hostile.stock [case ...]`` grades each attack, and a right submission after it, with stock ``nbgrader
autograde``; prints a table and writes it to build/bench. The attacks run in a container, with this machine's packages
read-only, so what they do to installed packages does not show here.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import nbformat

from autograder.paths import ROOT
from bench import container, equivalent
from tests.hostile.attack_tools import FULL, UNIT, Case, load, names
from tests.hostile.stock_inside import ATTACKER, NEIGHBOUR

OUTPUT = ROOT / "build" / "bench"
GRADING_TIMEOUT = 200  # s for one class of two; a harmless one takes ten
CONTAINER_TIMEOUT = 300
CONCURRENT = 3  # most of the time they wait
MARKED_LINE = "def draw(shape, dtype):"  # a line of the hidden tests that no traceback shows
SECRET = "canary-tests-0123456789abcdef"
INSIDE = "/opt/bench"
SHOWN = ("rnnlab", "bench", "tests/hostile/stock_inside.py", "tests/hostile/witnesses.py")
# What an attack can achieve, worst first.
HEADINGS = ("forged", "leaked", "lost", "batch stopped", "neighbour changed", "harm")


@dataclass(frozen=True)
class Row:
    """What a case achieved against stock nbgrader.

    ``forged`` are points above the correct ones, ``lost`` what the student should have got and did not, ``leaked`` the
    secrets in the output, ``harm`` what was changed on the machine.
    """

    name: str
    tries: str
    forged: float
    leaked: tuple[str, ...]
    lost: str
    stopped: str
    changed: bool
    harm: tuple[str, ...]

    @property
    def resisted(self) -> bool:
        """Whether it achieved nothing."""
        return not (self.forged or self.leaked or self.lost or self.stopped or self.changed or self.harm)

    def cells(self) -> list[str]:
        """Return the row as text, a cell for each of ``HEADINGS``."""
        forged = f"{self.forged:g}" if self.forged else ""
        return [
            forged,
            ", ".join(self.leaked),
            self.lost,
            self.stopped,
            "yes" if self.changed else "",
            "; ".join(self.harm),
        ]


def main(wanted: Sequence[str]) -> None:
    """Print and write the table of the cases ``wanted``, of all that this unit has if it is empty."""
    cases = [case for case in map(load, wanted or names()) if case.unit == UNIT]
    with stock_course() as course, ThreadPoolExecutor(CONCURRENT) as pool:
        rows = []
        for row in pool.map(lambda case: attacked(case, course), cases):
            rows.append(row)
            print(f"{row.name:42}{'resisted' if row.resisted else ' | '.join(filter(None, row.cells()))}", flush=True)
    print(totals(rows))
    OUTPUT.mkdir(parents=True, exist_ok=True)
    (OUTPUT / "stock.json").write_text(json.dumps([asdict(row) for row in rows], indent=1))
    (OUTPUT / "stock.md").write_text(table(rows))


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a table in Markdown, with the totals below."""
    lines = [f"| case | {' | '.join(HEADINGS)} |", "|---" * (len(HEADINGS) + 1) + "|"]
    lines += [f"| {row.name} | {' | '.join(row.cells())} |" for row in rows]
    return "\n".join([*lines, "", totals(rows), ""])


def totals(rows: Sequence[Row]) -> str:
    """Return in one sentence how many cases achieved what."""
    counts = {heading: sum(bool(row.cells()[at]) for row in rows) for at, heading in enumerate(HEADINGS)}
    summary = ", ".join(f"{heading} {count}" for heading, count in counts.items())
    points = f"{sum(row.forged for row in rows):g} points forged"
    return f"Of {len(rows)} cases: {summary}; resisted {sum(row.resisted for row in rows)}. In all {points}."


@contextmanager
def stock_course() -> Iterator[Path]:
    """Yield a folder with a course in which stock nbgrader has released the equivalent assignment."""
    with tempfile.TemporaryDirectory() as folder:
        course = Path(folder, "course")
        source = course / "source" / UNIT / f"{UNIT}.ipynb"
        source.parent.mkdir(parents=True)
        nb = equivalent.assignment(UNIT)
        # Demos take most of the time and do not matter here.
        nb.cells = [cell for cell in nb.cells if "demo" not in cell.metadata.get("tags", ())]
        for cell in nb.cells:
            cell.source = cell.source.replace(MARKED_LINE, f"{MARKED_LINE}  # {SECRET}")
        nbformat.write(nb, source)
        # nbgrader calls alembic by name, which lies beside this Python.
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        command = [sys.executable, "-m", "nbgrader", "generate_assignment", UNIT, "--create"]
        subprocess.run(command, cwd=course, env=os.environ | {"PATH": path}, check=True, capture_output=True)
        (course / "release" / UNIT / f"{UNIT}.ipynb").replace(Path(folder, "released.ipynb"))
        yield course


def attacked(case: Case, course: Path) -> Row:
    """Return what ``case`` achieves against stock nbgrader."""
    right = equivalent.handed_in(nbformat.read(course / "source" / UNIT / f"{UNIT}.ipynb", as_version=4))
    attack = equivalent.handed_in(nbformat.read(course / "source" / UNIT / f"{UNIT}.ipynb", as_version=4))
    case.make(attack)
    with tempfile.TemporaryDirectory() as folder:
        here = Path(folder)
        here.chmod(0o755)
        shutil.copytree(course, here / "course")
        (here / "attack.ipynb").write_text(json.dumps(attack))
        (here / "right.ipynb").write_text(json.dumps(right))
        (here / "case.json").write_text(
            json.dumps({"unit": UNIT, "times": case.times, "seconds": GRADING_TIMEOUT / case.times, "secret": SECRET})
        )
        shown = {here: f"{INSIDE}/case"}
        shown |= {ROOT / name: f"{INSIDE}/{name}" for name in SHOWN}
        command = ["env", f"PYTHONPATH={INSIDE}", sys.executable, "-m", "tests.hostile.stock_inside"]
        printed, ended = container.run(command, shown, f"{INSIDE}/case", CONTAINER_TIMEOUT)
    return _row(case, _report(printed), ended)


def _report(printed: str) -> dict[str, Any] | None:
    lines = [line for line in printed.splitlines() if line.startswith('{"ended"')]
    return json.loads(lines[-1]) if lines else None


def _row(case: Case, report: dict[str, Any] | None, ended: str) -> Row:
    if report is None:
        return Row(case.name, case.tries, 0.0, (), "no grade", f"nothing was left ({ended})", False, ())
    scores = report["scores"][ATTACKER]
    forged, lost = _points(case, scores) if scores is not None else (0.0, "no grade")
    if case.family != "forging":
        # Other cases lose points for time or memory in the autograder, which they need not lose elsewhere.
        forged = 0.0
    neighbour = report["scores"][NEIGHBOUR]
    stopped = "the neighbour has no grade" if neighbour is None else ""
    if "did not end" in report["ended"]:
        stopped = f"not over after {GRADING_TIMEOUT} s"
    changed = neighbour is not None and neighbour != {f"{name}-check": [most, False] for name, most in FULL.items()}
    left = len(report["files"])
    harm = (*report["harm"], *([f"left {left} files" if left > 1 else "left a file"] if left else []))
    return Row(case.name, case.tries, forged, tuple(report["leaks"]), lost, stopped, changed, harm)


def _points(case: Case, scores: dict[str, Any]) -> tuple[float, str]:
    """Return how many points too many the attacker has, and what is missing; a point off for an edge counts as none."""
    right = {exercise: case.points.get(exercise, (most, ""))[0] for exercise, most in FULL.items()}
    got = {exercise: scores[f"{exercise}-check"][0] for exercise in FULL}
    forged = sum(max(0.0, got[exercise] - points) for exercise, points in right.items() if points is not None)
    lost = sum(max(0.0, most - got[exercise]) for exercise, most in FULL.items() if right[exercise] == most)
    if any(waits for _, waits in scores.values()):
        return forged, "waits for a person"
    return forged, f"{lost:g} points" if lost else ""


if __name__ == "__main__":
    main(sys.argv[1:])
