"""Seconds for each stage of grading one submission: ``python -m bench.stages UNIT SIZE`` prints them as JSON.

One process does what a run's workers and its writer do, one submission after another; the first one is not counted.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from autograder.gradebook.record import Recorder
from autograder.grading.worker import work
from autograder.nbgrader.course_folder import config, database
from autograder.notebook.choose import read_submission
from autograder.paths import ROOT
from bench import classes

Stages = dict[str, list[float]]


def measure(unit: str, size: int) -> Stages:
    """Return the seconds of ``size`` submissions to ``unit``: read, judge (with the feedback page) and record.

    Measured in a process of its own; raises subprocess.CalledProcessError if that fails.
    """
    command = [sys.executable, "-m", "bench.stages", unit, str(size)]
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, text=True, check=True)
    stages: Stages = json.loads(done.stdout)
    return stages


def staged(course: Path, unit: str) -> Stages:
    """Grade every submission in ``course`` in this process and return the seconds of each stage.

    Recording comes after all judging: in a run the writer is a process of its own.
    """
    seconds: Stages = {"read": [], "judge": [], "record": []}
    judged = []
    for folder in sorted(course.glob(f"submitted/*/{unit}")):
        student = folder.parent.name
        with _timed(seconds["read"]):
            submission = read_submission(folder, student, unit, 1)
        with _timed(seconds["judge"]):
            judged.append((submission, work(submission)))
    with Recorder(course, unit, database(course), config(course)) as recorder:
        for submission, result in judged:
            with _timed(seconds["record"]):
                recorder.save(result, submission)
    return {name: each[1:] for name, each in seconds.items()}


@contextmanager
def _timed(seconds: list[float]) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds.append(time.perf_counter() - start)


def main(unit: str, size: int) -> None:
    """Print the seconds of ``size`` submissions."""
    with tempfile.TemporaryDirectory() as folder:
        print(json.dumps(staged(classes.autograder_course(Path(folder), unit, size + 1), unit)))


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
