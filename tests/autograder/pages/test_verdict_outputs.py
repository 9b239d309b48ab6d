"""The cell that holds a verdict: its points for nbgrader, its table for people."""

from typing import get_args

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.pages.verdict_outputs import verdict_table, with_verdicts
from autograder.results import STATUS_LABELS, StoppedBy, Verdict
from rnnlab.checking.marking import Marks, Row

ENDED = [*get_args(StoppedBy), "not_run", "internal_error", "error"]


def without_table(status):
    return Verdict("softmax", 0, 2, status, "It did <b>not</b> end.", None, 0.1, 7)


@pytest.mark.parametrize("status", ENDED)
def test_a_verdict_without_checks_says_what_ended_the_answer_and_nothing_else(status):
    table = verdict_table(without_table(status))

    assert (
        repr(table)
        == f"softmax: {STATUS_LABELS[status]}, 0 of 2 points\n  ✗ failed   judged\n             It did <b>not</b> end."
    )
    assert "<b>" not in table._repr_html_()
    assert "not defined" not in repr(table)


def test_a_graded_cell_holds_points_as_text_and_what_the_page_is_made_of():
    cells = [new_code_cell("check(softmax)", id="softmax-check"), new_code_cell("x = 1", id="other")]

    graded, other = with_verdicts(new_notebook(cells=cells), [without_table("timeout")]).cells

    (output,) = graded.outputs
    assert (output.output_type, output.data["text/plain"]) == ("execute_result", "0")
    assert output.metadata["verdict"]["status"] == "timeout"
    assert [row["seen"] for row in output.metadata["verdict"]["marks"]["rows"]] == ["It did <b>not</b> end."]
    assert other.outputs == []


def test_the_table_of_checks_is_shown_where_they_were_run():
    rows = (Row("finite", "passed"), Row("sums", "failed", "0.5", "1"))
    verdict = Verdict("softmax", 1, 2, "fail", "", None, 0.1, 7, Marks("softmax", 1, 2, "fail", rows, hint="Divide."))

    assert repr(verdict_table(verdict)).startswith(
        "softmax: 1 of 2 checks passed, 1 of 2 points\n  ✓ passed   finite\n"
    )
    assert repr(verdict_table(verdict)).endswith("Hint. Divide.")
