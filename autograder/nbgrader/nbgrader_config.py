"""nbgrader's configuration: everything that makes `nbgrader autograde` use the sandbox and the judge.

The course's own nbgrader_config.py loads this file, and `autograder` does, which runs the same path.
"""

from autograder.nbgrader.guard import LINK

# The function is put here by whoever loads the file; the one of that name in traitlets knows nothing of this file.
c = get_config()  # type: ignore[name-defined]  # noqa: F821

# The course that the gradebook has in any case. Without a name assignments belong to none, which PostgreSQL refuses.
c.CourseDirectory.course_id = "default_course"

# A stub must fail, never return something plausible.
c.ClearSolutions.code_stub = {"python": 'raise NotImplementedError("write this function, then run the check below")'}

# Whoever does not read this file cannot release or grade: nbgrader does not know what it must leave out.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", ".pytest_cache", LINK]

# nbgrader's own steps, and then students get an ordinary kernel, for the course's source names none that exists.
c.GenerateAssignment.preprocessors = [
    "nbgrader.preprocessors.IncludeHeaderFooter",
    "nbgrader.preprocessors.InstantiateTests",
    "nbgrader.preprocessors.LockCells",
    "nbgrader.preprocessors.ClearSolutions",
    "nbgrader.preprocessors.ClearOutput",
    "nbgrader.preprocessors.CheckCellMetadata",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.SaveCells",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbgrader.preprocessors.ClearMarkScheme",
    "nbgrader.preprocessors.ComputeChecksums",
    "nbgrader.preprocessors.CheckCellMetadata",
    "autograder.nbgrader.preprocessors.OrdinaryKernel",
]

# A submission is read by our own rules, and one that cannot be read gets no 0.
c.Autograde.exporter_class = "autograder.nbgrader.preprocessors.SubmissionExporter"

# Rebuild does what ClearOutput, DeduplicateIds and OverwriteKernelspec do, for submissions that would stop those.
c.Autograde.sanitize_preprocessors = [
    "autograder.nbgrader.preprocessors.Rebuild",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# The judge takes the place of Execute: graded cells are never run, their outputs are the judge's own.
c.Autograde.autograde_preprocessors = [
    "autograder.nbgrader.preprocessors.Judge",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# The page is ours: nbgrader's own loads scripts from the network and lets those of a notebook run.
c.GenerateFeedback.exporter_class = "autograder.pages.feedback.FeedbackExporter"
c.GenerateFeedback.preprocessors = ["nbgrader.preprocessors.GetGrades"]

# The formgrader's page is nbgrader's, but what students write in Markdown must not act in the instructor's browser.
c.HTMLExporter.filters = {"markdown2html": "autograder.nbgrader.formgrader.markdown_without_html"}
