"""A class of more than 200 with both corpora in it, graded undisturbed and killed five times: ``make endurance``."""

from __future__ import annotations

import csv
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import nbformat
import psutil

from tests import corpus, damage, witnesses
from tests.autograder.gradebooks import state

COMMAND = [Path(sys.executable).with_name("autograder"), "grade", corpus.UNIT, "--course"]
KILLS = 5
LONGEST = 3600  # s for one run over the class
GONE = 30  # s for the workers of a killed grader to notice


def main() -> int:
    """Print what was seen; return 1 if anything is not as promised, else 0."""
    installed = witnesses.installed()
    with tempfile.TemporaryDirectory(prefix="endurance-") as place:
        calm, killed = Path(place) / "calm", Path(place) / "killed"
        for course in (calm, killed):
            course.mkdir()
            (course / "secret").write_text("the same seeds for both")
            students = make_class(course)
        temporary, processes = set(Path(tempfile.gettempdir()).iterdir()), ours()
        seconds = undisturbed(calm)
        moments = killed_at_random(killed, seconds)
        one, other = state(calm), state(killed)
        print(dict(Counter(states(killed).values())))
        faults = {
            "the gradebooks or files differ": one != other,
            "a student has neither a grade nor a named state": len(students) != len(states(killed)),
            "a grade is ours": "ours" in states(killed).values(),
            "the reports of the class differ": states(calm) != states(killed),
            "a process is left": bool(ours() - processes),
            "a file is left": bool(set(Path(tempfile.gettempdir()).iterdir()) - temporary),
            "something that is installed has changed": witnesses.installed() != installed,
        }
    print(f"{len(students)} submissions; undisturbed {seconds:.0f} s; killed after {', '.join(moments)} s")
    for fault, found in faults.items():
        print(f"{'YES' if found else 'no ':3}  {fault}")
    return int(any(faults.values()))


def make_class(course: Path) -> list[str]:
    """Hand in every attack and every kind of damage to unit 01, right submissions between them; return the names."""
    damage.make_class(course)
    for name in corpus.names():
        case = corpus.load(name)
        if case.unit == corpus.UNIT:
            folder = course / "submitted" / f"attack {name}" / corpus.UNIT
            folder.mkdir(parents=True)
            nbformat.write(case.notebook(), folder / f"{corpus.UNIT}.ipynb")
    return sorted(path.name for path in (course / "submitted").iterdir())


def undisturbed(course: Path) -> float:
    """Grade the class in one go; return the seconds that it took."""
    start = time.monotonic()
    subprocess.run([*COMMAND, course], check=False, timeout=LONGEST, stdout=subprocess.DEVNULL)
    return time.monotonic() - start


def killed_at_random(course: Path, seconds: float) -> list[str]:
    """Grade the class, the grader killed at five random moments on the way; return the moments."""
    moments = []
    for _ in range(KILLS):
        moment = random.uniform(0.03, 1.5 / KILLS) * seconds
        process = subprocess.Popen([*COMMAND, course], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        below = psutil.Process(process.pid)
        time.sleep(moment)
        family = below.children(recursive=True)
        process.kill()
        process.wait()
        psutil.wait_procs(family, timeout=GONE)
        moments.append(f"{moment:.0f}")
    undisturbed(course)
    return moments


def states(course: Path) -> dict[str, str]:
    """Return the state of each student, as the course's grades.csv has it."""
    with (course / "grades.csv").open(newline="", encoding="utf-8") as file:
        return {row["student"]: row["state"] for row in csv.DictReader(file)}


def ours() -> set[int]:
    """Return the processes that could be the grader's: bubblewrap, Python and what they run."""
    return {process.pid for process in psutil.process_iter() if process.name() in {"bwrap", "python", "autograder"}}


if __name__ == "__main__":
    sys.exit(main())
