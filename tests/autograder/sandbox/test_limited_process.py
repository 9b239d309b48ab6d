"""Work in a process of its own gives its result or its exception, and never more than its memory and time."""

from __future__ import annotations

import os
import time

import psutil
import pytest

from autograder.errors import TooMuch
from autograder.sandbox.limited_process import run_limited
from autograder.sandbox.limits import MIB


def wrong() -> None:
    raise ValueError("the shapes differ")


def endless() -> None:
    while True:
        pass


def huge() -> object:
    return [bytes(1000) for _ in range(10**6)]


def test_the_result_comes_from_another_process() -> None:
    assert run_limited(os.getpid, 50 * MIB, 5) != os.getpid()
    assert run_limited(lambda: ["x" * 10**7, {"a": None}], 50 * MIB, 5) == ["x" * 10**7, {"a": None}]


def test_an_exception_is_raised_here_with_its_traceback() -> None:
    with pytest.raises(RuntimeError, match="ValueError: the shapes differ"):
        run_limited(wrong, 50 * MIB, 5)


@pytest.mark.slow
@pytest.mark.alone
def test_too_much_memory_or_time_is_refused_and_the_process_is_gone() -> None:
    before, children = psutil.Process().memory_info().rss, psutil.Process().children()
    for work in (huge, endless):
        started = time.process_time()
        with pytest.raises(TooMuch):
            run_limited(work, 50 * MIB, 1)
        assert time.process_time() - started < 1
    assert psutil.Process().children() == children
    assert psutil.Process().memory_info().rss - before < 20 * MIB
