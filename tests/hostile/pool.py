"""Processes that cases of the corpus run in, three at a time."""

from __future__ import annotations

import multiprocessing
import os
import traceback
from collections.abc import Iterator
from concurrent.futures import TimeoutError as NotBack
from contextlib import contextmanager

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from autograder.sandbox.bubblewrap import font_list
from bench.clock import adopt_orphans
from tests.hostile import witnesses
from tests.hostile.attack_tools import load
from tests.hostile.table import Row
from tests.hostile.trials import run

WORKERS = 3  # for two processors: many attacks wait until a limit is reached
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


def begin(pool: ProcessPool, name: str, start: str | None = None) -> ProcessFuture:
    """Let the pool run the case ``name``, started as `tests.hostile.trials.run` says; `outcome` waits for it."""
    return pool.schedule(run, args=(name, start), timeout=PATIENCE)


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


def _prepare() -> None:
    adopt_orphans()
    font_list()  # looks for fonts in the home folder, which every run replaces
