"""Workers: what one job does to its worker, it does to no other job."""

import os
import signal
import subprocess
import sys
import time

import psutil
import pytest

from autograder.errors import NoWorkers
from autograder.grading import pool
from autograder.grading.pool import Failed, Workers

pytestmark = pytest.mark.alone


def obey(order):
    """What a worker does in these tests."""
    match order:
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "hang":
            time.sleep(600)
        case "raise":
            raise ValueError("no such thing")
        case "environment":
            return os.environ["OMP_NUM_THREADS"]
        case "pid":
            time.sleep(0.2)
            return os.getpid()
    return order


def end_at_once():
    """What a worker does that never gets to work."""
    os.kill(os.getpid(), signal.SIGKILL)


def outcomes(orders, workers=2, timeout=60.0):
    """Return the outcome of each order, and the most jobs that were in flight at once."""
    found, most = {}, 0
    with Workers(obey, workers, timeout) as crew:
        for order in orders:
            crew.submit(order)
            most = max(most, len(crew._at_work))
            if crew.full:
                job, found[job] = crew.next()
        while crew.busy:
            job, found[job] = crew.next()
    return found, most


def test_every_job_comes_back_with_its_result():
    found, most = outcomes(range(20))

    assert found == {number: number for number in range(20)}
    assert most <= 4


def test_a_worker_that_is_killed_costs_its_own_job_only():
    found, _ = outcomes([1, 2, "die", 3, 4, 5, 6])

    assert found.pop("die") == Failed(f"the worker process ended with code {-signal.SIGKILL}")
    assert found == {number: number for number in range(1, 7)}


def test_a_job_whose_time_is_over_is_failed_and_the_others_go_on():
    found, _ = outcomes(["hang", 1, 2, 3], timeout=2.0)

    assert found == {"hang": Failed("it was not done within 2 s"), 1: 1, 2: 2, 3: 3}


def test_an_exception_comes_back_with_its_traceback():
    found, _ = outcomes(["raise"])

    assert found["raise"].reason == "ValueError: no such thing"
    assert "obey" in found["raise"].traceback


def test_workers_that_always_end_are_reported(monkeypatch):
    monkeypatch.setattr(pool, "_begin_work", end_at_once)

    with pytest.raises(NoWorkers, match="ended 5 times"), Workers(obey, 1, 60.0) as crew:
        for order in range(20):
            crew.submit(order)
            crew.next()


def test_each_worker_computes_on_one_core_and_our_own_environment_stays(monkeypatch):
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    found, _ = outcomes(["environment"])

    assert found == {"environment": "1"}
    assert "OMP_NUM_THREADS" not in os.environ


def test_leaving_in_the_middle_ends_all_workers():
    with Workers(obey, 2, 600.0) as crew:
        for order in ("hang", "hang", "pid"):
            crew.submit(order)
        while len(workers := crew._pool._pool_manager.worker_manager.workers) < 2:
            time.sleep(0.05)
        pids = list(workers)
        start = time.monotonic()

    assert time.monotonic() - start < 10
    assert not any(psutil.pid_exists(pid) for pid in pids)


PARENT = """
from autograder.grading.pool import Workers
from tests.autograder.grading.test_pool import obey

with Workers(obey, 2, 600.0) as crew:
    for _ in range(2):
        crew.submit("pid")
    pids = {crew.next()[1], crew.next()[1]}
    for _ in range(2):
        crew.submit("hang")
    print(*pids, flush=True)
    crew.next()
"""


def test_workers_end_when_their_parent_is_killed():
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, text=True)
    pids = [int(pid) for pid in parent.stdout.readline().split()]
    parent.kill()
    parent.communicate(timeout=10)

    deadline = time.monotonic() + 10
    while any(psutil.pid_exists(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert pids
    assert not any(psutil.pid_exists(pid) for pid in pids)
