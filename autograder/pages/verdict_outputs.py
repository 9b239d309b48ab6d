"""Graded cells: each shows its verdict as a table, and holds what nbgrader and the feedback page read of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.results import STATUS_LABELS, Verdict
from rnnlab.checking.marking import Row
from rnnlab.table import Table, no_points, table_of


def with_verdicts(nb: NotebookNode, verdicts: Sequence[Verdict]) -> NotebookNode:
    """Return ``nb`` with each verdict as the only output of the cell that grades its exercise."""
    outputs = {verdict.cell: _output(verdict) for verdict in verdicts}
    for cell in nb.cells:
        if cell.id in outputs:
            cell.outputs = [outputs[cell.id]]
    return nb


def verdict_table(verdict: Verdict) -> Table:
    """Return the verdict as a notebook shows it, as HTML or as text; what came from the submission is escaped."""
    if verdict.marks is not None:
        return table_of(verdict.marks)
    summary = no_points(verdict.exercise, STATUS_LABELS[verdict.status], verdict.max_points)
    return Table(summary, _rows(verdict))


def _rows(verdict: Verdict) -> tuple[Row, ...]:
    """Return the rows of the table of checks; where none was run, one row that says why."""
    return verdict.marks.rows if verdict.marks is not None else (Row("judged", "failed", verdict.message),)


def _output(verdict: Verdict) -> NotebookNode:
    # nbgrader reads the points from the text of the first execute_result; the HTML is for who opens the notebook.
    data = {"text/plain": str(verdict.points), "text/html": verdict_table(verdict)._repr_html_()}
    # What the feedback page is made of.
    marks = {
        "points": verdict.points,
        "rows": [asdict(row) for row in _rows(verdict)],
        "hint": verdict.marks.hint if verdict.marks is not None else "",
    }
    metadata = {"verdict": {"status": verdict.status, "marks": marks}}
    output: NotebookNode = new_output("execute_result", data=data, metadata=metadata)
    return output
