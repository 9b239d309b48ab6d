"""Seconds for each stage of grading one submission: ``python -m bench.stages UNIT SIZE`` prints them as JSON.

One process does what a run's workers and its writer do, one submission after another, after one that warms it up.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from autograder.course import config, database
from autograder.files import digest_of
from autograder.intake import take_in
from autograder.paths import ROOT
from autograder.record import Origin, Recorder
from autograder.version import course_version
from autograder.worker import Job, work
from bench import classes

Stages = dict[str, list[float]]


def measure(unit: str, size: int) -> Stages:
    """Return the seconds of ``size`` submissions to ``unit``: take_in, judge (with the feedback page) and record.

    Measured in a process of its own; raises subprocess.CalledProcessError if that fails.
    """
    command = [sys.executable, "-m", "bench.stages", unit, str(size)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    stages: Stages = json.loads(done.stdout)
    return stages


def staged(course: Path, unit: str) -> Stages:
    """Grade every submission in ``course`` in this process and return the seconds of each stage."""
    seconds: Stages = {"take_in": [], "judge": [], "record": []}
    version = course_version(unit)
    with Recorder(course, unit, database(course), config(course)) as recorder:
        for folder in sorted(course.glob(f"submitted/*/{unit}")):
            times = [time.perf_counter()]
            raw = take_in(folder, unit).raw
            origin = Origin(digest_of(raw), None, version, 1)
            times.append(time.perf_counter())
            judged = work(Job(folder.parent.name, unit, f"{unit}.ipynb", raw, 1))
            times.append(time.perf_counter())
            recorder.save(folder.parent.name, origin, judged)
            times.append(time.perf_counter())
            for name, start, end in zip(seconds, times, times[1:], strict=False):
                seconds[name].append(end - start)
    return {name: each[1:] for name, each in seconds.items()}


def main(unit: str, size: int) -> None:
    """Print the seconds of ``size`` submissions."""
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(staged(classes.our_course(Path(folder), unit, size + 1), unit)))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
