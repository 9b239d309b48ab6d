"""Grades a class with all hostile submissions, uninterrupted and killed five times: ``make endurance``."""

from __future__ import annotations

import csv
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import psutil

from bench.clock import adopt_orphans
from bench.gradebooks import state
from tests.hostile import attack_tools, damage, witnesses

COMMAND = [Path(sys.executable).with_name("autograder"), "grade", attack_tools.UNIT, "--course"]
ATTACK = "attack "
KILLS = 5
COMMAND_TIMEOUT = 3600  # s for one run over the class
GONE = 30  # s for the workers of a killed grader to notice

Tables = dict[str, list[tuple[str, ...]]]


def main() -> int:
    """Print what was seen; return 1 if anything is not as promised, else 0."""
    installed = witnesses.installed()
    with tempfile.TemporaryDirectory(prefix="endurance-") as place:
        calm, killed = Path(place) / "calm", Path(place) / "killed"
        students = make_class(calm)
        (calm / "secret").write_text("the same seeds for both")
        subprocess.run(["cp", "-a", calm, killed], check=True)
        # What the runs leave in the temporary folder, and processes that outlive them, come to us.
        temporary = Path(place) / "temporary"
        temporary.mkdir()
        os.environ["TMPDIR"] = str(temporary)
        adopt_orphans()
        seconds = undisturbed(calm)
        moments = killed_at_random(killed, seconds)
        one, other = state(calm)[0], state(killed)[0]
        differ = [a[0] for a, b in zip(one["autograder_record"], other["autograder_record"], strict=True) if a != b]
        print(dict(Counter(states(killed).values())))
        print(f"attacks whose end depends on the moment, and was another: {', '.join(differ) or 'none'}")
        faults = {
            "the gradebooks differ": graded(one) != graded(other),
            "the record of a submission that is no attack differs": any(not who.startswith(ATTACK) for who in differ),
            "a student has neither a grade nor a named state": len(students) != len(states(killed)),
            "a submission has an internal error": "internal error" in states(killed).values(),
            "the states of the class differ": states(calm) != states(killed),
            "a process is left": bool(left_alive()),
            "a file is left in the temporary folder": any(temporary.iterdir()),
            "something that is installed has changed": witnesses.installed() != installed,
        }
    print(f"{len(students)} submissions; undisturbed {seconds:.0f} s; killed after {', '.join(moments)} s")
    for fault, found in faults.items():
        print(f"{'YES' if found else 'no ':3}  {fault}")
    return int(any(faults.values()))


def make_class(course: Path) -> list[str]:
    """Hand in every attack and every kind of damage to unit 01, right submissions between them; return the names."""
    damage.make_class(course)
    for name in attack_tools.names():
        case = attack_tools.load(name)
        if case.unit == attack_tools.UNIT:
            folder = course / "submitted" / f"{ATTACK}{name}" / attack_tools.UNIT
            folder.mkdir(parents=True)
            # nbformat would tidy what an attack has made untidy.
            (folder / f"{attack_tools.UNIT}.ipynb").write_text(json.dumps(case.notebook()), encoding="utf-8")
    return sorted(path.name for path in (course / "submitted").iterdir())


def undisturbed(course: Path) -> float:
    """Grade the class in one go; return the seconds that it took."""
    start = time.monotonic()
    subprocess.run([*COMMAND, course], check=False, timeout=COMMAND_TIMEOUT, stdout=subprocess.DEVNULL)
    return time.monotonic() - start


def killed_at_random(course: Path, seconds: float) -> list[str]:
    """Grade the class, the grader killed at five random moments on the way; return the moments."""
    moments = []
    for _ in range(KILLS):
        moment = random.uniform(0.03, 1 / KILLS) * seconds
        process = subprocess.Popen([*COMMAND, course], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        time.sleep(moment)
        family = psutil.Process(process.pid).children(recursive=True)
        process.kill()
        process.wait()
        psutil.wait_procs(family, timeout=GONE)
        moments.append(f"{moment:.0f}")
    undisturbed(course)
    return moments


def graded(tables: Tables) -> Tables:
    """Return nbgrader's own tables: students, submissions, scores, comments."""
    return {name: rows for name, rows in tables.items() if not name.startswith("autograder_")}


def states(course: Path) -> dict[str, str]:
    """Return the state of each student, as the file for spreadsheets has it."""
    with (course / "grades" / f"{attack_tools.UNIT}.csv").open(newline="", encoding="utf-8") as file:
        return {row["id"]: row["state"] for row in csv.DictReader(file)}


def left_alive() -> list[psutil.Process]:
    """Return the processes that were started here and have not ended."""
    started = psutil.Process().children(recursive=True)
    return [process for process in started if process.status() != psutil.STATUS_ZOMBIE]


if __name__ == "__main__":
    sys.exit(main())
