"""Five hundred submissions in one run, on SQLite and on PostgreSQL: the same gradebook, and no more memory than fifty.

``python -m bench.five_hundred`` prints a table and writes it to build/bench/; the server is of its own.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, rmtree

import nbformat
import psutil

from autograder.course import prepare
from autograder.paths import ROOT, instructor_path
from solutions.mistakes import mistakes
from tests.autograder.gradebooks import state
from tests.autograder.postgresql_server import Server
from tests.autograder.submissions import UNIT, cell_of, hand_in

SIZES = (50, 150, 500)
COMMAND = Path(sys.executable).with_name("autograder")
RESULT = ROOT / "build" / "bench" / "five_hundred.md"
SAMPLE = 0.5  # s between two looks at memory
ISOLATED = "bwrap"  # the name of what runs submissions; their memory has limits of its own


class Failed(Exception):
    """Grading failed, or the gradebooks or files of one class graded twice are not the same; the message says which."""


@dataclass(frozen=True)
class Row:
    """What grading ``submissions`` cost: seconds on the wall, and the peak of memory in MB.

    ``memory`` is what the grader and its workers hold (RSS), each page counted for each process that holds it:
    shares would change with whatever else runs on the machine.
    """

    database: str
    submissions: int
    wall: float
    memory: float


def measure(sizes: Sequence[int]) -> Iterator[Row]:
    """Yield a row for each size on each database.

    Raises Failed unless both give the same gradebook and the same files, but for times.
    """
    with tempfile.TemporaryDirectory() as folder, Server() as server:
        for size in sizes:
            in_file, in_server = (Path(folder, str(size), name) for name in ("sqlite", "postgresql"))
            _hand_in(in_file, size)
            copytree(in_file, in_server, symlinks=True)
            yield _graded("SQLite", in_file, size)
            yield _graded("PostgreSQL", in_server, size, "--db", server.database())
            for ours, theirs in zip(state(in_file), state(in_server), strict=True):
                unequal = sorted(name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name))
                if unequal:
                    raise Failed(f"not the same: {json.dumps(unequal[:5])}")
            rmtree(in_file.parent)


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table, memory also as a multiple of the first row's on the same database."""
    first = {row.database: row.memory for row in reversed(rows)}
    lines = ["| database | submissions | s | s each | peak MB | of the first |", "|---|" + "---:|" * 5]
    for row in rows:
        took = f"{row.wall:.0f} | {row.wall / row.submissions:.2f}"
        memory = f"{row.memory:.0f} | {row.memory / first[row.database]:.2f}"
        lines.append(f"| {row.database} | {row.submissions} | {took} | {memory} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print, and write."""
    rows = []
    for row in measure([int(word) for word in sys.argv[1:]] or SIZES):
        rows.append(row)
        print(f"{row.submissions} on {row.database}: {row.wall:.0f} s, {row.memory:.0f} MB", flush=True)
    told = f"{table(rows)}\nGradebooks and files of both are the same, but for times.\n"
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(told)
    print(f"\n{told}", end="")


def _hand_in(course: Path, size: int) -> None:
    """Make a course in which every third submission has one of the known mistakes."""
    course.mkdir(parents=True)
    prepare(course, UNIT)
    known = mistakes(UNIT)
    for number in range(size):
        nb = nbformat.read(instructor_path(UNIT), as_version=4)
        if number % 3 == 2:
            mistake = known[number // 3 % len(known)]
            cell_of(nb, mistake.exercise).source = mistake.as_answer()
        hand_in(course, f"student{number:04}", nb)


def _graded(database: str, course: Path, size: int, *words: str) -> Row:
    log = course / "bench.log"
    start = time.perf_counter()
    with log.open("wb") as output:
        process = subprocess.Popen([COMMAND, "grade", UNIT, "--course", course, *words], stdout=output, stderr=output)
        with _Peak(process.pid) as peak:
            code = process.wait()
    if code != 0:
        raise Failed(f"grading ended with code {code}: {log.read_text()[-2000:]}")
    return Row(database, size, time.perf_counter() - start, peak.bytes / 1e6)


class _Peak:
    """A context manager that samples the memory of a process and of those below it, submissions left out."""

    def __init__(self, pid: int) -> None:
        self.bytes = 0
        self._process = psutil.Process(pid)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sample)

    def __enter__(self) -> _Peak:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _sample(self) -> None:
        while not self._over.wait(SAMPLE):
            self.bytes = max(self.bytes, _held(self._process))


def _held(process: psutil.Process) -> int:
    try:
        if process.name() == ISOLATED:
            return 0
        return int(process.memory_info().rss) + sum(map(_held, process.children()))
    except psutil.Error:
        return 0


if __name__ == "__main__":
    main()
