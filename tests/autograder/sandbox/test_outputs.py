"""Outputs are kept as far as they are text or pictures, well-formed and not too long."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import nbformat
import numpy as np
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook

from autograder.sandbox.limits import KIB, LIMITS, Limits
from autograder.sandbox.outputs import TRUNCATED, Outputs
from rnnlab.checking.calling import Opaque

SMALL = replace(LIMITS, output_bytes=100, notebook_output_bytes=150, output_messages=5, message_price=0)


def keep(*messages: tuple[str, Any], cells: int = 1, limits: Limits = SMALL) -> list[list[NotebookNode]]:
    """Return what is left in each cell of a notebook when all of them send ``messages``."""
    nb = new_notebook(cells=[new_code_cell("1", id=str(number)) for number in range(cells)])
    outputs = Outputs(limits)
    for cell in nb.cells:
        outputs.begin_cell(cell, 1)
        for kind, content in messages:
            outputs.add(kind, content)
    nbformat.validate(nb)
    return [cell.outputs for cell in nb.cells]


def text(content: object) -> tuple[str, dict[str, object]]:
    return "stream", {"name": "stdout", "text": content}


def test_pieces_of_printed_text_become_one() -> None:
    (outputs,) = keep(text("a"), text("b"), ("stream", {"name": "stderr", "text": "c"}))
    assert [(output.name, output.text) for output in outputs] == [("stdout", "ab"), ("stderr", "c")]


def test_too_much_text_is_cut_and_said_so() -> None:
    (outputs,) = keep(text("a" * 1000), text("b"))
    assert outputs[0].text == "a" * 25 + TRUNCATED
    assert len(outputs) == 1


def test_too_many_messages_are_cut_and_said_so() -> None:
    (outputs,) = keep(*[text("a")] * 20)
    assert outputs[0].text == "a" * 6 + TRUNCATED


def test_the_notebook_has_a_bound_beside_that_of_the_cell() -> None:
    first, second, third = keep(text("a" * 90), cells=3)
    assert first[0].text == "a" * 90
    assert second[0].text == "a" * 15 + TRUNCATED
    assert third == []


def test_outputs_that_say_nothing_have_a_price() -> None:
    empty = ("display_data", {"data": {"text/plain": ""}})
    limits = replace(LIMITS, output_bytes=40 * KIB, notebook_output_bytes=100 * KIB)
    kept = keep(*[empty] * 200, cells=5, limits=limits)
    assert [len(outputs) for outputs in kept] == [41, 41, 21, 0, 0]
    assert kept[0][-1].text == TRUNCATED


def test_a_cell_that_is_executed_again_shows_only_what_it_showed_then() -> None:
    nb = new_notebook(cells=[new_code_cell("1")])
    outputs = Outputs(SMALL)
    for said in ("first", "second"):
        outputs.begin_cell(nb.cells[0], 1)
        outputs.add(*text(said))
    assert [output.text for output in nb.cells[0].outputs] == ["second"]


@pytest.mark.parametrize("content", [np.ones(3), np.zeros((2, 2)), 1.5, None, [], {"name": np.ones(2)}, Opaque("x")])
def test_content_of_any_type_is_left_out(content: Any) -> None:
    messages = [
        ("stream", {"name": content, "text": "a"}),
        ("stream", {"name": "stdout", "text": content}),
        ("error", {"ename": content, "evalue": content, "traceback": content}),
        ("display_data", {"data": content}),
        ("display_data", {"data": {"image/png": content, "text/plain": content}}),
    ]
    assert keep(*messages) == [[]]


def test_a_picture_is_kept_and_what_a_browser_would_run_is_not() -> None:
    data = {
        "text/plain": "<Figure>",
        "image/png": "aGVsbG8=\n",
        "image/jpeg": '"><script>',
        "text/html": "<script>",
        "image/svg+xml": "<svg onload=''>",
        "application/javascript": "alert()",
    }
    (outputs,) = keep(("display_data", {"data": data, "metadata": {}, "transient": {"display_id": "x"}}))
    assert outputs[0].data == {"text/plain": "<Figure>", "image/png": "aGVsbG8=\n"}


def test_a_result_carries_the_number_of_its_cell_whatever_the_kernel_says() -> None:
    (outputs,) = keep(("execute_result", {"data": {"text/plain": "2"}, "execution_count": "<b>"}))
    assert outputs[0].execution_count == 1


def test_an_error_is_kept_with_the_end_of_its_traceback() -> None:
    content = {"ename": "E", "evalue": "v", "traceback": ["line"] * 3}
    (outputs,) = keep(("error", content))
    assert (outputs[0].ename, outputs[0].evalue, outputs[0].traceback) == ("E", "v", ["line"] * 3)


def test_clearing_removes_what_was_shown() -> None:
    assert keep(text("a"), ("clear_output", {"wait": False})) == [[]]


@pytest.mark.parametrize(
    "message",
    [
        ("stream", {"name": "stdout", "text": 3}),
        ("stream", {"name": "elsewhere", "text": "a"}),
        ("stream", []),
        ("stream", {}),
        ("error", {"ename": 1, "evalue": "v", "traceback": []}),
        ("display_data", {"data": {"text/plain": ["a"]}}),
        ("display_data", {"data": {3: "a"}}),
        ("update_display_data", {"data": {"text/plain": "a"}, "transient": {"display_id": "x"}}),
        ("comm_open", {"comm_id": "x", "target_name": "jupyter.widget", "data": {"state": {}}}),
        ("execute_input", {"code": "1", "execution_count": "x"}),
        (["a", "list"], {}),
    ],
    ids=repr,
)
def test_what_is_malformed_or_of_another_kind_is_left_out(message: tuple[Any, Any]) -> None:
    assert keep(message) == [[]]
