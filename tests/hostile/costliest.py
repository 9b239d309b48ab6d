"""``python -m tests.hostile.costliest`` judges the costliest submissions with the real limits and prints the costs.

Some take five minutes. It never fails; the limits are explained in docs/decisions/one-budget.md.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.grading import worker
from autograder.grading.worker import work
from autograder.judging import judge
from autograder.sandbox.limits import LIMITS, MIB
from autograder.sandbox.remaining_budget import Budget
from tests.autograder.submissions import submission
from tests.hostile.attack_tools import UNIT, first, last, right, wrong

KERNEL_MEMORY = ("Slab", "KernelStack", "PageTables")
BURN = "import os\ndef burn():\n    for _ in range(4): os.fork()\n    while True: pass"
TEN_SECONDS = "import time\nend = time.process_time() + 10\nwhile time.process_time() < end: pass"
EMPTY = "from IPython.display import display\nfor _ in range(1000): display({'text/plain': ''}, raw=True)"
HOARD = "import os\ndef hoard():\n    blocks = []\n    while True: blocks.append(os.urandom(2**24))"


def loops(nb: NotebookNode) -> None:
    """Keep all processors busy in every function."""
    first(nb, BURN)
    wrong(nb, body="return burn()")


def sleeps(nb: NotebookNode) -> None:
    """Wait in every cell and every function for as long as each may."""
    for _ in range(20):
        last(nb, "import time; time.sleep(60)")
    wrong(nb, body="import time; time.sleep(60)")


def restarts(nb: NotebookNode) -> None:
    """End the process in every call, behind a cell that takes ten seconds."""
    first(nb, TEN_SECONDS)
    wrong(nb, body="import os; os._exit(1)")


def hoards(nb: NotebookNode) -> None:
    """Take memory in every function until it is refused."""
    first(nb, HOARD)
    wrong(nb, body="return hoard()")


def empty_outputs(nb: NotebookNode) -> None:
    """Show 900,000 empty outputs."""
    for _ in range(900):
        last(nb, EMPTY)


def large_results(nb: NotebookNode) -> None:
    """Return as many values as fit into a frame."""
    wrong(nb, body="return [[0.5, 'x'] for _ in range(60_000)]")


WORST: dict[str, Callable[[NotebookNode], None]] = {
    each.__name__: each for each in (loops, sleeps, restarts, hoards, empty_outputs, large_results)
}


def raw(name: str) -> bytes:
    """Return the file of a submission: a notebook of `WORST`, or JSON that takes much memory."""
    if name == "nested":
        return b'{"cells": [' + b'{"":{"":0}},' * 1_600_000 + b"0]}"
    nb = right(UNIT)
    WORST[name](nb)
    return nbformat.writes(nb).encode()


def measured(name: str) -> dict[str, Any]:
    """Judge the submission as a worker does; return what it took and the result."""
    budgets: list[Budget] = []

    class Kept(Budget):
        def __init__(self, *limits: Any) -> None:
            super().__init__(*limits)
            budgets.append(self)

    judge.Budget = Kept  # type: ignore[misc]
    content, worker_before = raw(name), time.process_time()
    work(submission("warm-up", nbformat.writes(right(UNIT)).encode()))
    budgets.clear()
    Path("/proc/self/clear_refs").write_text("5")
    before, worker_before, start = _resident("VmRSS"), time.process_time(), time.perf_counter()
    kernel, over = [_kernel_memory()], threading.Event()
    watcher = threading.Thread(
        target=lambda: [kernel.append(_kernel_memory()) for _ in iter(lambda: over.wait(1), True)]
    )
    watcher.start()
    result = work(submission("eve", content))
    seconds = time.perf_counter() - start
    over.set()
    watcher.join()
    points = {verdict.exercise: f"{verdict.points} {verdict.status}" for verdict in result.verdicts}
    found = {
        "submission": name,
        "state": result.state,
        "points": points or result.reason,
        "wall": round(seconds, 1),
        "cpu of the sandbox": round(sum(LIMITS.total_cpu - budget.cpu for budget in budgets), 1),
        "cpu of the worker": round(time.process_time() - worker_before, 1),
        "memory of the worker, MiB": (_resident("VmHWM") - before) // MIB,
        "kernel memory, MiB": (max(kernel) - kernel[0]) // MIB,
        "notebook, MiB": round(len(result.notebook) / MIB, 1),
    }
    for warm in worker._warm.values():
        warm.close()
    return found | {"cpu of children": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime, 1)}


def _resident(name: str) -> int:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024


def _kernel_memory() -> int:
    """Return the bytes that the kernel uses on the whole machine."""
    fields = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
    return sum(int(fields[name].split()[0]) * 1024 for name in KERNEL_MEMORY)


def main(names: list[str]) -> None:
    """Measure each in a process of its own."""
    for name in names or [*WORST, "nested"]:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            print(json.dumps(pool.apply(measured, (name,)), ensure_ascii=False), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
