"""Reference functions answer whatever they are asked, and nothing that they are asked can hurt the judge."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import psutil
import pytest

from autograder.sandbox.limits import LIMITS, MIB
from autograder.sandbox.reference_supplier import Supplier

QUICK = replace(LIMITS, supplied=1.0, supplied_memory=200 * MIB)


def double(x: Any) -> Any:
    return 2 * x


def wrong(x: Any) -> None:
    raise ValueError("the shapes differ\nand more")


def endless() -> None:
    while True:
        pass


def huge(size: int) -> Any:
    return np.ones(size)


def leave() -> None:
    os._exit(1)


@pytest.fixture
def supplier() -> Iterator[Supplier]:
    functions = {"double": double, "wrong": wrong, "endless": endless, "huge": huge, "leave": leave}
    supplier = Supplier(functions, QUICK)
    yield supplier
    supplier.close()


def test_a_function_is_computed_in_another_process_that_ends_with_the_supplier(supplier: Supplier) -> None:
    before = set(psutil.Process().children())
    answer = supplier.answer("double", (np.arange(3.0),), {})
    assert answer["op"] == "returned"
    np.testing.assert_array_equal(answer["value"], [0, 2, 4])
    (process,) = set(psutil.Process().children()) - before
    supplier.close()
    assert not process.is_running()


def test_what_it_raises_is_told_with_the_first_line(supplier: Supplier) -> None:
    expected = {"op": "raised", "kind": "ValueError", "message": "the shapes differ"}
    assert supplier.answer("wrong", (), {"x": 1}) == expected


@pytest.mark.parametrize(
    ("name", "arguments", "kind"),
    [("endless", (), "TimeoutError"), ("huge", (10**9,), "MemoryError"), ("leave", (), "RuntimeError")],
)
def test_what_takes_too_much_is_refused_and_the_next_question_is_answered(
    supplier: Supplier, name: str, arguments: tuple[Any, ...], kind: str
) -> None:
    started = time.monotonic()
    assert supplier.answer(name, arguments, {})["kind"] == kind
    assert time.monotonic() - started < 10
    assert supplier.answer("double", (2,), {}) == {"op": "returned", "value": 4}


def test_an_object_that_does_not_cross_is_described(supplier: Supplier) -> None:
    answer = supplier.answer("double", ([{1}],), {})
    assert answer["value"][0].kind == "set"


@pytest.mark.slow
@pytest.mark.alone
def test_the_cpu_time_of_all_answers_together_is_bounded() -> None:
    functions = {"endless": endless, "double": double}
    supplier = Supplier(functions, replace(QUICK, supplied=30.0, supplied_cpu=1))
    assert supplier.answer("endless", (), {})["kind"] == "RuntimeError"
    refused = supplier.answer("double", (2,), {})
    assert refused["message"] == "the supplied functions have used up their 1 s of processor time"
