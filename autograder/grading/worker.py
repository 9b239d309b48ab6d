"""What a worker does with one submission: a function of its bytes, the unit and the seed, without a database."""

from __future__ import annotations

import ast
import traceback
from dataclasses import dataclass, replace

import nbformat
from nbgrader.preprocessors import LimitOutput

from autograder.errors import Unreadable
from autograder.judging.judge import judge
from autograder.notebook.read import parse_submission
from autograder.notebook.released import check_unit, is_demo, released
from autograder.pages.feedback import feedback
from autograder.paths import student_path
from autograder.results import Judged, with_verdicts
from autograder.sandbox.warm import DRAWING, Warm
from autograder.scores import automatic

# Every worker has one warm process, for the unit that it is at; its sandbox ends with the worker.
_warm: dict[str, Warm] = {}

FAILED = "{name} could not be graded: the grader failed over it ({kind}), and did not over another one."


@dataclass(frozen=True)
class Job:
    """One submission to be judged: ``raw`` are the bytes of its file, ``name`` is what the file is called.

    ``files`` were handed in beside it: paths and contents.
    """

    student: str
    unit: str
    name: str
    raw: bytes
    seed: int
    trusted: bool = False
    files: tuple[tuple[str, bytes], ...] = ()


def work(job: Job) -> Judged:
    """Judge one submission; raises what our own code raises without it."""
    try:
        return _work(job)
    except OSError:
        # Of a machine that lacks something; no submission gets to decide that.
        raise
    except Exception as error:
        fault = traceback.format_exc()
        # Whether it is the submission's doing is seen from another one.
        if _work(replace(job, raw=student_path(job.unit).read_bytes())).state != "graded":
            raise
        return Judged("unreadable", FAILED.format(name=job.name, kind=type(error).__name__), faults=(fault,))


def _work(job: Job) -> Judged:
    try:
        nb = parse_submission(job.name, job.raw)
        check_unit(job.name, nb, job.unit)
    except Unreadable as fault:
        return Judged("unreadable", str(fault))
    warm, files = _warm_for(job.unit), dict(job.files)
    executed, verdicts = judge(job.unit, nb, seed=job.seed, trusted=job.trusted, warm=warm, files=files)
    if any(verdict.status == "internal_error" for verdict in verdicts):
        return Judged("internal_error", verdicts[0].message)
    graded, _ = LimitOutput().preprocess(with_verdicts(executed, verdicts), {})
    standing = automatic(graded)
    records = tuple(verdict.record() for verdict in verdicts)
    faults = tuple(verdict.fault for verdict in verdicts if verdict.fault)
    text = nbformat.writes(graded) + "\n"
    return Judged("graded", "", records, text, standing, feedback(job.unit, graded, standing), faults)


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
