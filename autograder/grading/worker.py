"""What a worker does with one submission: a function of its bytes, the unit and the seed, without a database."""

from __future__ import annotations

import ast
import traceback
from dataclasses import replace

import nbformat
from nbgrader.preprocessors import LimitOutput

from autograder.errors import Unreadable
from autograder.gradebook.scores import automatic_scores
from autograder.judging.judge import judge
from autograder.notebook.read import parse_notebook
from autograder.notebook.released import check_unit, is_demo, released
from autograder.pages.feedback import feedback
from autograder.pages.verdict_outputs import with_verdicts
from autograder.paths import student_path
from autograder.results import Result, Submission
from autograder.sandbox.warm import DRAWING, Warm

# Every worker has one warm process, for the unit that it is at; its sandbox ends with the worker.
_warm: dict[str, Warm] = {}

FAILED = "{name} could not be graded: the grader failed over it ({kind}), and did not over another one."


def work(submission: Submission, trusted: bool = False) -> Result:
    """Judge one submission, in a sandbox unless it is ``trusted``.

    Raises what the grader's own code raises over any submission.
    """
    try:
        return _work(submission, trusted)
    except OSError:
        # This machine lacks something; no submission gets to decide that.
        raise
    except Exception as error:
        fault = traceback.format_exc()
        # Whether the submission is the cause shows another one.
        if _work(replace(submission, raw=student_path(submission.unit).read_bytes()), trusted).state != "graded":
            raise
        reason = FAILED.format(name=submission.name, kind=type(error).__name__)
        return Result(submission.student, "unreadable", reason, submission.note, fault=fault)


def _work(submission: Submission, trusted: bool) -> Result:
    unit, student, note = submission.unit, submission.student, submission.note
    try:
        nb = parse_notebook(submission.name, submission.raw)
        check_unit(submission.name, nb, unit)
    except Unreadable as error:
        return Result(student, "unreadable", str(error), note)
    warm, files = _warm_for(unit), submission.files
    executed, verdicts = judge(unit, nb, seed=submission.seed, trusted=trusted, warm=warm, files=files)
    if any(verdict.status == "internal_error" for verdict in verdicts):
        return Result(student, "internal_error", verdicts[0].message, note)
    scores = automatic_scores(executed, verdicts)
    graded, _ = LimitOutput().preprocess(with_verdicts(executed, verdicts), {})
    return Result(
        student,
        "graded",
        note=note,
        # Their tables are in the notebook now.
        verdicts=tuple(replace(verdict, marks=None) for verdict in verdicts),
        scores=scores,
        notebook=nbformat.writes(graded) + "\n",
        page=feedback(unit, graded, scores),
    )


def _warm_for(unit: str) -> Warm:
    if unit not in _warm:
        for other in _warm.values():
            other.close()
        _warm.clear()
        _warm[unit] = Warm(imports=imports_of(unit))
    return _warm[unit]


def imports_of(unit: str) -> str:
    """Return what a warm process for ``unit`` should import: what the course's own cells do, as Python code."""
    # Demonstrations are not executed, unless somebody has edited them.
    cells = [cell for cell in released(unit).cells if not is_demo(cell)]
    statements = [node for cell in cells if cell.cell_type == "code" for node in ast.parse(cell.source).body]
    imports = [ast.unparse(node) for node in statements if isinstance(node, ast.Import | ast.ImportFrom)]
    return "\n".join([DRAWING, *imports])
