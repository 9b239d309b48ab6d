"""Five hundred submissions in one run, on SQLite and on PostgreSQL: the same gradebook, and no more memory than fifty.

``python -m bench.large_class`` starts a server, prints a table and writes it to build/bench/.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

from autograder.paths import ROOT
from autograder.sandbox.limits import MIB
from bench import classes, clock
from bench.clock import Spent
from bench.gradebooks import state
from bench.measurements import NUMPY_UNIT
from bench.postgresql_server import Server

SIZES = (50, 150, 500)
COMMAND = Path(sys.executable).with_name("autograder")
RESULT = ROOT / "build" / "bench" / "large_class.md"


class Unequal(Exception):
    """The gradebooks or files of one class graded twice differ; the message says which."""


@dataclass(frozen=True)
class Row:
    """What grading ``submissions`` on ``database`` cost."""

    database: str
    submissions: int
    spent: Spent


def measure(sizes: Sequence[int]) -> Iterator[Row]:
    """Yield a row for each size on each database.

    Raises Unequal unless gradebook and files are the same except for times, and clock.CommandFailed.
    """
    with tempfile.TemporaryDirectory() as folder, Server() as server:
        for size in sizes:
            place = Path(folder, str(size))
            place.mkdir()
            in_file, in_server = classes.autograder_course(place, NUMPY_UNIT, size), place / "postgresql"
            copytree(in_file, in_server, symlinks=True)
            yield Row("SQLite", size, _graded(in_file))
            yield Row("PostgreSQL", size, _graded(in_server, "--db", server.database()))
            for sqlite, postgresql in zip(state(in_file), state(in_server), strict=True):
                unequal = sorted(
                    name for name in sqlite.keys() | postgresql.keys() if sqlite.get(name) != postgresql.get(name)
                )
                if unequal:
                    raise Unequal(f"different: {json.dumps(unequal[:5])}")


def table(rows: Sequence[Row]) -> str:
    """Return the rows as a Markdown table, memory also as a multiple of the first row's on the same database."""
    first = {row.database: row.spent.memory for row in reversed(rows)}
    lines = ["| database | submissions | s | s each | peak MiB | of the first |", "|---|" + "---:|" * 5]
    for row in rows:
        took = f"{row.spent.wall:.0f} | {row.spent.wall / row.submissions:.2f}"
        memory = f"{row.spent.memory / MIB:.0f} | {row.spent.memory / first[row.database]:.2f}"
        lines.append(f"| {row.database} | {row.submissions} | {took} | {memory} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, print, and write."""
    rows = []
    for row in measure([int(word) for word in sys.argv[1:]] or SIZES):
        rows.append(row)
        print(f"{row.submissions} on {row.database}: {row.spent.wall:.0f} s", flush=True)
    report = f"{table(rows)}\nGradebooks and files of both are the same, except for times.\n"
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    RESULT.write_text(report)
    print(f"\n{report}", end="")


def _graded(course: Path, *words: str) -> Spent:
    """Return what grading the class in ``course`` cost."""
    return clock.run([COMMAND, "grade", NUMPY_UNIT, "--course", course, *words], course.parent)


if __name__ == "__main__":
    main()
