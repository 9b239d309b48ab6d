"""nbgrader's configuration, which makes `nbgrader autograde` use the sandbox and the judge.

The course's own nbgrader_config.py loads this file. `autograder grade` reads the same settings, but not the lists of
preprocessors for grading: it calls the functions behind them itself (docs/decisions/interrupted-runs.md).
"""

from autograder.nbgrader.guard import LINK

# Defined by the loader of this file; traitlets' function of the same name does not know this file.
c = get_config()  # type: ignore[name-defined]  # noqa: F821

# nbgrader's default course. Without a name assignments belong to no course, which PostgreSQL refuses.
c.CourseDirectory.course_id = "default_course"

# A stub must fail, never return something plausible.
c.ClearSolutions.code_stub = {"python": 'raise NotImplementedError("write this function, then run the check below")'}

# Without this file nbgrader does not ignore the link, and so can neither release nor grade.
c.CourseDirectory.ignore = [".ipynb_checkpoints", "*.pyc", "__pycache__", ".pytest_cache", LINK]

# nbgrader's own steps, and a kernel for students, since the course's source names one that does not exist.
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

# Reads slightly damaged submissions, and one that cannot be read gets no grade instead of 0.
c.Autograde.exporter_class = "autograder.nbgrader.preprocessors.SubmissionExporter"

# Rebuild replaces ClearOutput, DeduplicateIds and OverwriteKernelspec, which fail on some submissions.
c.Autograde.sanitize_preprocessors = [
    "autograder.nbgrader.preprocessors.Rebuild",
    "nbgrader.preprocessors.OverwriteCells",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# The judge replaces Execute: graded cells are not executed, their outputs are written by the judge.
c.Autograde.autograde_preprocessors = [
    "autograder.nbgrader.preprocessors.Judge",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# The late policy of the course's rules.json, if there is one.
c.AssignLatePenalties.plugin_class = "autograder.nbgrader.late_policy.CourseLatePolicy"

# nbgrader's own page loads scripts from the network and runs those in a notebook.
c.GenerateFeedback.exporter_class = "autograder.pages.feedback.FeedbackExporter"
c.GenerateFeedback.preprocessors = ["nbgrader.preprocessors.GetGrades"]

# The formgrader's page is nbgrader's, but students' Markdown must not run scripts in the instructor's browser.
c.HTMLExporter.filters = {"markdown2html": "autograder.nbgrader.formgrader.markdown_without_html"}
