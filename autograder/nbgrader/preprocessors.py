"""The steps that this project adds to nbgrader: reading a submission, rebuilding it, and judging it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbconvert.exporters import NotebookExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode, from_dict
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.errors import CourseError, InternalError, Unreadable
from autograder.files import write_whole
from autograder.gradebook.verdict_file import verdict_file, verdict_path
from autograder.judging.judge import judge
from autograder.judging.seeds import seed_of
from autograder.nbgrader.course_config import autograder_config, refusal
from autograder.nbgrader.course_folder import secret_of
from autograder.nbgrader.guard import PYTHON, remove_kernel
from autograder.notebook.extra_files import files_beside
from autograder.notebook.read import bytes_of, read_notebook
from autograder.notebook.rebuild import rebuild
from autograder.notebook.released import check_unit, released
from autograder.pages.verdict_outputs import with_verdicts
from autograder.results import Submission
from autograder.version import course_version


class SubmissionExporter(NotebookExporter):
    """Reads submissions as `autograder grade` does; nbgrader's own exporter fails on slight damage."""

    def from_filename(self, filename: str, resources: dict[str, Any] | None = None, **kw: Any) -> Any:
        """Return the converted notebook in ``filename`` as text, and its resources.

        Raises Unreadable for a submission that cannot be judged.
        """
        if not any(isinstance(step, Rebuild) for step in self._preprocessors):
            # The second pass, over the output of the first.
            return super().from_filename(filename, resources, **kw)
        where = (resources or {})["nbgrader"]
        self._check_steps()
        try:
            nb = read_notebook(Path(filename))
            check_unit(Path(filename).name, nb, where["assignment"])
        except Unreadable:
            _forget_ungraded(where)
            raise
        nb.update(metadata={}, nbformat=4, nbformat_minor=5)
        convert: Any = self.from_notebook_node
        return convert(nb, resources, **kw)

    def _check_steps(self) -> None:
        """Raise CourseError unless the preprocessors are the autograder's, wherever others may have been configured."""
        for name in ("sanitize_preprocessors", "autograde_preprocessors"):
            if getattr(self.parent, name) != autograder_config()["Autograde"][name]:
                raise CourseError(refusal("Autograde", name))


class Rebuild(NbGraderPreprocessor):
    """Rebuilds the submission on the released notebook; see `autograder.notebook.rebuild.rebuild`."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Return the rebuilt notebook, without a kernel, in case anything other than the judge would execute it."""
        rebuilt = rebuild(nb, released(resources["nbgrader"]["assignment"]))
        remove_kernel(rebuilt)
        return rebuilt, resources


class OrdinaryKernel(NbGraderPreprocessor):
    """Gives a released notebook Python's kernel."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Return the notebook with the kernel that students have."""
        nb.metadata = from_dict({"kernelspec": PYTHON})
        return nb, resources


class Judge(NbGraderPreprocessor):
    """Replaces nbgrader's Execute: runs the cells in the sandbox, and writes verdicts into graded cells."""

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
        submission = Submission(student, unit, bytes_of(handed_in), files, None, seed, course_version(unit))
        write_whole(verdict_path(course, unit, student), verdict_file(submission, verdicts))
        return with_verdicts(executed, verdicts), resources


def _forget_ungraded(where: dict[str, str]) -> None:
    """Remove the submission of 0 points that nbgrader enters into the gradebook before it reads the file."""
    with Gradebook(where["db_url"]) as gradebook:
        submission = gradebook.find_submission(where["assignment"], where["student"])
        grades = [grade for notebook in submission.notebooks for grade in notebook.grades]
        if all(grade.auto_score is None and grade.manual_score is None for grade in grades):
            gradebook.remove_submission(where["assignment"], where["student"])
