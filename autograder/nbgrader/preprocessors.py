"""The steps that this project adds to nbgrader: reading a submission, rebuilding it, and judging it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode, from_dict
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.files import write_whole
from autograder.gradebook.verdictfile import verdict_file, verdict_path
from autograder.judging.judge import judge
from autograder.judging.seeds import seed_of
from autograder.nbgrader.course_folder import CourseError, secret_of
from autograder.nbgrader.guard import PYTHON, take_kernel
from autograder.nbgrader.settings import own, refusal
from autograder.notebook.beside import digest_with, files_beside
from autograder.notebook.read import Unreadable, bytes_of, read_submission
from autograder.notebook.rebuild import rebuild
from autograder.notebook.released import check_unit, released
from autograder.results import with_verdicts


class InternalError(Exception):
    """The grader failed, not the submission: nothing may be recorded."""


class SubmissionExporter(NotebookExporter):
    """Reads submissions as `autograder grade` does, where nbgrader would give up at the first oddity."""

    def from_filename(self, filename: str, resources: dict[str, Any] | None = None, **kw: Any) -> Any:
        """Return the text of the converted notebook in ``filename``, and its resources.

        Raises Unreadable for a submission that cannot be judged.
        """
        if not any(isinstance(step, Rebuild) for step in self._preprocessors):
            # The second pass, over what the first has written.
            return super().from_filename(filename, resources, **kw)
        where = (resources or {})["nbgrader"]
        self._check_steps()
        try:
            nb = read_submission(Path(filename))
            check_unit(Path(filename).name, nb, where["assignment"])
        except Unreadable:
            _forget_ungraded(where)
            raise
        nb.update(metadata={}, nbformat=4, nbformat_minor=5)
        convert: Any = self.from_notebook_node
        return convert(nb, resources, **kw)

    def _check_steps(self) -> None:
        """Raise CourseError unless the steps of grading are the autograder's own, wherever others were set."""
        for name in ("sanitize_preprocessors", "autograde_preprocessors"):
            if getattr(self.parent, name) != own()["Autograde"][name]:
                raise CourseError(refusal("Autograde", name))


class Rebuild(NbGraderPreprocessor):
    """Gives the submission's cells back what the course gave them; see `autograder.notebook.rebuild.rebuild`."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Return the rebuilt notebook; should anything else than the judge come next, it finds no kernel."""
        rebuilt = rebuild(nb, released(resources["nbgrader"]["assignment"]))
        take_kernel(rebuilt)
        return rebuilt, resources


class OrdinaryKernel(NbGraderPreprocessor):
    """Gives a released notebook the kernel that students have."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Return the notebook with Python's kernel."""
        nb.metadata = from_dict({"kernelspec": PYTHON})
        return nb, resources


class Judge(NbGraderPreprocessor):
    """Takes the place of nbgrader's Execute: runs the cells in the sandbox, and writes verdicts into graded cells."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Return the executed notebook with the verdicts in its graded cells; raises InternalError."""
        where = resources["nbgrader"]
        unit, student = where["assignment"], where["student"]
        # nbgrader changes to the course folder before it converts.
        course = Path.cwd()
        seed = seed_of(secret_of(course), student, unit)
        handed_in = course / "submitted" / student / unit / f"{unit}.ipynb"
        files = files_beside(handed_in).files
        executed, verdicts = judge(unit, nb, seed=seed, files=files)
        if any(verdict.status == "internal_error" for verdict in verdicts):
            raise InternalError(verdicts[0].message)
        for verdict in verdicts:
            if verdict.fault:
                self.log.error("%s: exceptions over %s\n%s", student, verdict.exercise, verdict.fault)
        submission = digest_with(bytes_of(handed_in), files)
        file = verdict_file(student, unit, seed, submission, [verdict.record() for verdict in verdicts])
        write_whole(verdict_path(course, unit, student), file.text())
        return with_verdicts(executed, verdicts), resources


def _forget_ungraded(where: dict[str, str]) -> None:
    """Take out of the gradebook the submission of 0 points that nbgrader enters before it looks at the file."""
    with Gradebook(where["db_url"]) as gradebook:
        submission = gradebook.find_submission(where["assignment"], where["student"])
        grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
        if all(grade.auto_score is None and grade.manual_score is None for grade in grades):
            gradebook.remove_submission(where["assignment"], where["student"])
