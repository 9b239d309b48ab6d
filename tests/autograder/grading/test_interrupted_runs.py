"""Whatever ends a run, the next one goes on where it was: nothing lost, nothing recorded twice."""

import csv
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import psutil
import pytest

from autograder.files import TEMPORARY
from bench.gradebooks import state
from tests.autograder.submissions import UNIT, cell_of, hand_in

COMMAND = Path(sys.executable).with_name("autograder")
KILLS = 3
# Counts in the same transaction what is recorded.
COUNTER = """
CREATE TABLE autograder_count (student TEXT, submission TEXT);
CREATE TRIGGER inserted AFTER INSERT ON autograder_record
    BEGIN INSERT INTO autograder_count VALUES (NEW.student, NEW.submission); END;
CREATE TRIGGER updated AFTER UPDATE OF recorded ON autograder_record
    BEGIN INSERT INTO autograder_count VALUES (NEW.student, NEW.submission); END;
"""

pytestmark = [pytest.mark.sandbox, pytest.mark.alone, pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")]


@pytest.fixture
def course(released_course, instructor_path):
    """A class of eight: six wrong ones, a right one, and one that is damaged."""
    right = nbformat.read(instructor_path, as_version=4)
    answers = [cell.id for cell in right.cells if cell.metadata.get("nbgrader", {}).get("solution")]
    for number, answer in enumerate(answers[:6], start=1):
        nb = nbformat.from_dict(right)
        cell_of(nb, answer).source = f"def {answer}():\n    pass"
        hand_in(released_course, f"wrong-{number}", nb, timestamp=f"2026-03-0{number} 12:00:00 UTC")
    hand_in(released_course, "right", right)
    hand_in(released_course, "damaged", "{}")
    return released_course


def start(course, **options):
    """Start to grade ``course`` as its user would; return the process."""
    words = [COMMAND, "grade", UNIT, "--course", course, "--workers", "2"]
    return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, **options)


def finish(course):
    """Grade ``course`` to the end; return what was printed."""
    process = start(course)
    out, err = process.communicate(timeout=200)
    assert process.returncode == 0, err
    return out


def graded(course):
    return len(list((course / "verdicts").rglob("*.json")))


def assert_each_recorded_once(course):
    """Assert that what COUNTER counts is one record for each submission, and that nothing half written is left."""
    with sqlite3.connect(course / "gradebook.db") as database:
        counts = database.execute("SELECT student, count(*) FROM autograder_count GROUP BY student").fetchall()
    database.close()
    assert counts == [(student, 1) for student in sorted(os.listdir(course / "submitted"))]
    assert not list(course.rglob(f"{TEMPORARY}*"))


@pytest.mark.slow
def test_a_run_that_is_killed_at_any_moment_goes_on_where_it_was(course, tmp_path):
    undisturbed = shutil.copytree(course, tmp_path / "undisturbed", symlinks=True)
    finish(undisturbed)
    with sqlite3.connect(course / "gradebook.db") as database_:
        database_.executescript(COUNTER)
    database_.close()
    moments = random.Random(4)

    for kill in range(KILLS):
        process, before = start(course), graded(course)
        # Once somewhere on the way, and then each time after some more have been graded.
        deadline = time.monotonic() + (moments.uniform(0.5, 4.0) if kill == 0 else 60)
        while process.poll() is None and time.monotonic() < deadline and (kill == 0 or graded(course) == before):
            time.sleep(0.01)
        time.sleep(moments.uniform(0.0, 0.3))
        process.kill()
        process.communicate(timeout=30)
    finish(course)

    assert state(course) == state(undisturbed)
    assert_each_recorded_once(course)


@pytest.mark.slow
def test_a_worker_that_is_killed_costs_nobody_a_grade(course):
    process = start(course)
    deadline = time.monotonic() + 60
    while graded(course) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    workers = [child for child in psutil.Process(process.pid).children(recursive=True) if _judges(child)]
    for worker in workers:
        worker.kill()
    out, err = process.communicate(timeout=200)

    assert len(workers) >= 2  # besides, the one that computes reference functions for a submission
    assert process.returncode == 0, err
    assert "8 graded" not in out
    assert "7 graded, 1 not graded." in out


@pytest.mark.slow
def test_ctrl_c_ends_within_seconds_and_says_how_to_go_on(course):
    process = start(course, start_new_session=True)
    deadline = time.monotonic() + 60
    while graded(course) < 1 and time.monotonic() < deadline:
        time.sleep(0.01)
    children = psutil.Process(process.pid).children(recursive=True)
    begin = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)

    assert time.monotonic() - begin < 30  # an idle machine takes two
    assert process.returncode == 1
    assert re.search(rf"run the same command again: \S*autograder grade {UNIT} --course \S+ --workers 2\n", err)
    assert "Traceback" not in err
    _, alive = psutil.wait_procs(children, timeout=5)
    assert not alive


FULL = """
import subprocess, sys
from pathlib import Path
command, source, unit = sys.argv[1:]
subprocess.run(["cp", "-a", f"{source}/.", "/mnt"], check=True)
filler = open("/mnt/filler", "wb", buffering=0)
try:
    while True:
        filler.write(bytes(4096))
except OSError:
    filler.truncate(filler.tell() - 800_000)  # room for the beginning
filler.close()
print(subprocess.run([command, "grade", unit, "--course", "/mnt", "--workers", "2"]).returncode, flush=True)
Path("/mnt/filler").unlink()
print(subprocess.run([command, "grade", unit, "--course", "/mnt", "--workers", "2"]).returncode, flush=True)
subprocess.run(["cat", f"/mnt/grades/{unit}.csv"])
"""


@pytest.mark.slow
def test_a_full_disk_stops_the_run_with_a_sentence_and_the_next_run_completes_it(course):
    disk = ["bwrap", "--dev-bind", "/", "/", "--size", str(12_000_000), "--tmpfs", "/mnt", "--"]
    words = [*disk, sys.executable, "-c", FULL, COMMAND, course, UNIT]
    done = subprocess.run(words, capture_output=True, text=True, timeout=250)
    codes = [line for line in done.stdout.splitlines() if line.isdigit()]
    rows = list(csv.DictReader(done.stdout.partition("id,name,")[2].splitlines()))

    assert codes == ["2", "0"], done.stderr
    assert "Grading stopped: " in done.stderr
    assert "Traceback" not in done.stderr
    assert len(rows) == 8


def _judges(process):
    try:
        return "forkserver" in " ".join(process.cmdline()) and "forkserver" in " ".join(process.parent().cmdline())
    except psutil.NoSuchProcess:
        return False
