"""The two steps that this project puts into nbgrader's own sequence: mending a submission, and judging it."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_output
from nbgrader.preprocessors import NbGraderPreprocessor
from traitlets import Bool

from autograder.course import secret_of
from autograder.judge import judge
from autograder.sanitise import check_unit, mend, released, tidied
from autograder.seeds import seed_of
from autograder.verdict import Verdict

VERDICTS = "verdicts"


class OursError(Exception):
    """The grader failed, not the submission: nothing may be recorded."""


class Mend(NbGraderPreprocessor):
    """Gives the submission's cells back what the course gave them; see `autograder.sanitise.mend`."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Return the mended notebook; raises Unreadable for a notebook of another unit."""
        unit = resources["nbgrader"]["assignment"]
        submission = tidied(nb.cells)
        check_unit(f"{resources['nbgrader']['notebook']}.ipynb", submission, unit)
        return mend(submission, released(unit)), resources


class Judge(NbGraderPreprocessor):
    """Takes the place of nbgrader's Execute: runs the cells in the sandbox, and writes verdicts into graded cells."""

    trusted = Bool(False, help="Run submissions without a sandbox, with all the rights of the grader.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Return the executed notebook whose graded cells hold the verdicts; raises OursError for a fault of ours."""
        where = resources["nbgrader"]
        unit, student = where["assignment"], where["student"]
        # nbgrader changes to the course folder before it converts.
        course = Path.cwd()
        executed, verdicts = judge(unit, nb, seed=seed_of(secret_of(course), student, unit), trusted=self.trusted)
        if any(verdict.status == "ours" for verdict in verdicts):
            raise OursError(verdicts[0].message)
        write_verdicts(course / VERDICTS / unit / f"{student}.json", verdicts)
        return with_verdicts(executed, verdicts), resources


def with_verdicts(nb: NotebookNode, verdicts: list[Verdict]) -> NotebookNode:
    """Return ``nb`` with each verdict as the only output of the cell that grades its exercise.

    nbgrader reads the points from the first execute_result.
    """
    outputs = {f"{verdict.exercise}-check": _output(verdict) for verdict in verdicts}
    for cell in nb.cells:
        if cell.id in outputs:
            cell.outputs = [outputs[cell.id]]
    return nb


def write_verdicts(path: Path, verdicts: list[Verdict]) -> None:
    """Write the records of a submission's verdicts as one JSON array."""
    path.parent.mkdir(parents=True, exist_ok=True)
    records = [verdict.record() for verdict in verdicts]
    path.write_text(json.dumps(records, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _output(verdict: Verdict) -> Any:
    data = {"text/plain": str(verdict.points), "text/html": verdict.html()}
    # What the feedback page is made of; the HTML is for people who open the notebook.
    told = {"status": verdict.status, "marks": asdict(verdict.shown())}
    return new_output("execute_result", data=data, metadata={"verdict": told})
