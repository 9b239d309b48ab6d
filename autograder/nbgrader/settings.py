"""The course's nbgrader_config.py: it loads the autograder's configuration, and holds the instructor's own settings."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from traitlets.config import Config, PyFileConfigLoader

from autograder.files import write_whole

CONFIG = Path(__file__).parent / "nbgrader_config.py"
LOADING = """\
# nbgrader reads this file. These lines load what the autograder needs, above all the sandbox: leave them first.
from autograder.nbgrader.settings import CONFIG

load_subconfig(str(CONFIG))
c = get_config()

"""
OWN = "# Your own settings go here, such as c.CourseDirectory.course_id; docs/settings.md has examples.\n"
KEPT = "# Your own settings, as they were found in this file.\n"

# What runs, reads and shows submissions. Everything else may be set as nbgrader's documentation says.
PROTECTED = (
    ("Autograde", "exporter_class"),
    ("Autograde", "sanitize_preprocessors"),
    ("Autograde", "autograde_preprocessors"),
    ("GenerateFeedback", "exporter_class"),
    ("GenerateFeedback", "preprocessors"),
    ("HTMLExporter", "filters"),
)


class CourseError(Exception):
    """The course folder cannot be used as it is; the message says what to do."""


def load(path: Path) -> Config:
    """Return the configuration in a Python file; raises CourseError if it cannot be read."""
    try:
        return PyFileConfigLoader(path.name, path=str(path.parent)).load_config()
    except Exception as error:
        # The file is a program, so reading it may raise anything.
        raise CourseError(f"{path} cannot be read ({type(error).__name__}: {error}); correct it.") from None


def repair(course: Path) -> str | None:
    """Have the course's nbgrader_config.py load the autograder's configuration; return a sentence if it had lost that.

    The instructor's own lines stay. Raises CourseError if the file cannot be read.
    """
    path = course / CONFIG.name
    if path.is_symlink() and (not path.exists() or path.samefile(CONFIG)):
        said = (
            f"{path} was a link; it is a file now, which loads the autograder's configuration and has room for yours."
        )
        _write(path, LOADING + OWN)
        return said
    if not path.exists():
        _write(path, LOADING + OWN)
        lost = (course / "source").exists()
        return f"{path} was missing; it has been written again, without any settings of your own." if lost else None
    if all(trait in load(path).get(section, {}) for section, trait in PROTECTED):
        return None
    _write(path, LOADING + KEPT + path.read_text(encoding="utf-8"))
    return f"{path} did not load the autograder's configuration and its sandbox; it does now, before your own lines."


def check(settings: Config) -> None:
    """Raise CourseError if ``settings`` undo what runs, reads or shows submissions."""
    for section, trait in PROTECTED:
        if settings.get(section, {}).get(trait) != own()[section][trait]:
            raise CourseError(refusal(section, trait))
    if not set(own().CourseDirectory.ignore) <= set(settings.CourseDirectory.ignore):
        raise CourseError("append to c.CourseDirectory.ignore, do not replace it (docs/settings.md).")
    if "trusted" in settings.get("Judge", {}):
        raise CourseError(
            "c.Judge.trusted is no setting; remove it. Only `autograder grade --trusted` runs submissions without "
            "the sandbox."
        )


def refusal(section: str, trait: str) -> str:
    """Return the sentence that says that a protected setting has another value."""
    return (
        f"c.{section}.{trait} has another value than the autograder gives it, which would undo the sandbox or the "
        "judge; remove that setting (docs/settings.md)."
    )


@cache
def own() -> Config:
    """Return the autograder's configuration for nbgrader."""
    return load(CONFIG)


def _write(path: Path, text: str) -> None:
    """Write the course's configuration if it can be read back, else raise CourseError and leave what is there."""
    trial = path.with_name(f".{path.name}")
    trial.write_text(text, encoding="utf-8")
    try:
        load(trial)
    except CourseError as error:
        raise CourseError(str(error).replace(str(trial), str(path))) from None
    finally:
        trial.unlink()
    write_whole(path, text)
