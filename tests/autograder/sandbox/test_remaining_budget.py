"""A submission has one budget, and what is used up is named."""

from __future__ import annotations

from dataclasses import replace

from autograder.errors import Stopped
from autograder.sandbox.limits import LIMITS, MIB
from autograder.sandbox.remaining_budget import Budget

SMALL = replace(LIMITS, submission=60.0, total_cpu=3.0, kernels=2, total_flood_bytes=4 * MIB)


def said(stopped: Stopped | None) -> tuple[str, str] | None:
    return (stopped.status, stopped.message) if stopped else None


def test_a_fresh_budget_refuses_nothing() -> None:
    budget = Budget(SMALL)
    assert (budget.exhausted(), budget.exhausted_by_starts(), budget.used) == (None, None, False)


def test_cpu_time_of_all_processes_is_taken_from_one_sum() -> None:
    budget = Budget(SMALL)
    for _ in range(2):
        budget.spend(1.2)
        assert budget.exhausted() is None
    budget.spend(0.2)
    assert said(budget.exhausted()) == ("cpu", "the submission's 3 s of processor time were used up")


def test_the_clock_runs_from_the_beginning() -> None:
    budget = Budget(replace(SMALL, submission=0.0))
    assert budget.seconds <= 0
    assert said(budget.exhausted()) == ("timeout", "the submission's 0 s were over")


def test_output_is_counted_over_all_cells() -> None:
    budget = Budget(SMALL)
    budget.receive(4 * MIB)
    assert budget.exhausted() is None
    budget.receive(1)
    assert said(budget.exhausted()) == ("output", "the submission had printed 4 MiB")


def test_the_last_process_may_go_on_and_no_other_is_started() -> None:
    budget = Budget(SMALL)
    budget.count_process()
    budget.count_process()
    assert budget.exhausted() is None
    assert said(budget.exhausted_by_starts()) == ("died", "the submission's Python process had ended 2 times")


def test_what_is_refused_once_stays_refused() -> None:
    budget = Budget(SMALL)
    budget.refuse(Stopped("died", "its processes were killed and not gone 5 s later"))
    assert said(budget.exhausted()) == ("died", "its processes were killed and not gone 5 s later")
