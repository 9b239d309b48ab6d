"""Processes that cases of the corpus run in, two at a time, and the table of what came of them."""

from __future__ import annotations

import multiprocessing
import os
import traceback
from collections.abc import Iterator, Sequence
from concurrent.futures import TimeoutError as NotBack
from contextlib import contextmanager

from pebble import ProcessExpired, ProcessFuture, ProcessPool
from rich.console import Console
from rich.table import Table

from autograder.sandbox import font_list
from tests import witnesses
from tests.corpus import load
from tests.trials import Row, run

WORKERS = 2
PATIENCE = 120  # s after which the grader itself is taken to hang


@contextmanager
def workers() -> Iterator[ProcessPool]:
    """Give a pool of processes whose environment, from their start on, holds a secret."""
    os.environ[witnesses.ENVIRONMENT] = witnesses.canary("environment")
    pool = ProcessPool(WORKERS, context=multiprocessing.get_context("spawn"), initializer=_prepare)
    try:
        yield pool
        pool.close()
    finally:
        pool.stop()
        pool.join()
        del os.environ[witnesses.ENVIRONMENT]


def begin(pool: ProcessPool, name: str) -> ProcessFuture:
    """Let the pool run the case ``name``; `outcome` waits for it."""
    return pool.schedule(run, args=(name,), timeout=PATIENCE)


def outcome(name: str, future: ProcessFuture) -> Row:
    """Return the row of a case, also where the grader hung or died."""
    try:
        row: Row = future.result()
    except (NotBack, ProcessExpired) as error:
        return _lost(name, f"the grader was lost: {error!r}")
    except Exception as error:
        return _lost(name, "the grader failed: " + "".join(traceback.format_exception(error)))
    return row


def _lost(name: str, why: str) -> Row:
    case = load(name)
    return Row(name, case.tries, case.expected, "none", 0.0, (why,))


def show(rows: Sequence[Row]) -> int:
    """Print the table and return the number of cases with a surprise."""
    console = Console() if Console().is_terminal else Console(width=200)
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("case", "what it tries", "expected", "outcome", "seconds"):
        table.add_column(heading, justify="right" if heading == "seconds" else "left")
    for row in rows:
        style = "red" if row.surprises else None
        table.add_row(row.name, row.tries, row.expected, row.outcome, f"{row.seconds:.1f}", style=style)
    console.print(table)
    surprised = [row for row in rows if row.surprises]
    for row in surprised:
        for surprise in row.surprises:
            console.print(f"{row.name}: {surprise}", style="red", markup=False, highlight=False)
    console.print(f"{len(rows)} cases, {len(surprised)} surprises")
    return len(surprised)


def _prepare() -> None:
    witnesses.adopt_orphans()
    font_list()  # looks for fonts in the home folder, which every run replaces
