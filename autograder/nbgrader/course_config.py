"""The course's nbgrader_config.py, which loads the autograder's configuration and has the instructor's settings."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from traitlets.config import Config, PyFileConfigLoader

from autograder.errors import CourseError
from autograder.files import write_whole

CONFIG = Path(__file__).parent / "nbgrader_config.py"
LOADING_LINES = """\
# nbgrader reads this file. Keep these lines at the top: they load the autograder's configuration with its sandbox.
from autograder.nbgrader.course_config import CONFIG

load_subconfig(str(CONFIG))
c = get_config()

"""
OWN_SETTINGS = "# Your own settings go here, such as c.CourseDirectory.course_id; docs/settings.md has examples.\n"
FOUND_SETTINGS = "# The settings that were in this file before.\n"

# What reads, runs and shows submissions. Everything else may be configured as nbgrader's documentation says.
PROTECTED = (
    ("Autograde", "exporter_class"),
    ("Autograde", "sanitize_preprocessors"),
    ("Autograde", "autograde_preprocessors"),
    ("GenerateFeedback", "exporter_class"),
    ("GenerateFeedback", "preprocessors"),
    ("HTMLExporter", "filters"),
)


def load(path: Path) -> Config:
    """Return the configuration in a Python file; raises CourseError if it cannot be read."""
    try:
        return PyFileConfigLoader(path.name, path=str(path.parent)).load_config()
    except Exception as error:
        # The file is a program, so loading it may raise anything.
        raise CourseError(f"{path} cannot be read ({type(error).__name__}: {error}); correct it.") from None


def repair(course: Path) -> str | None:
    """Make the course's nbgrader_config.py load the autograder's configuration; return a sentence if it did not.

    The instructor's lines are kept. Raises CourseError if the file cannot be read.
    """
    path = course / CONFIG.name
    if path.is_symlink() and (not path.exists() or path.samefile(CONFIG)):
        _write(path, LOADING_LINES + OWN_SETTINGS)
        return f"{path} was a link; it is now a file that loads the autograder's configuration, with room for yours."
    if not path.exists():
        _write(path, LOADING_LINES + OWN_SETTINGS)
        is_lost = (course / "source").exists()
        return f"{path} was missing; it was written again, without your own settings." if is_lost else None
    if all(trait in load(path).get(section, {}) for section, trait in PROTECTED):
        return None
    _write(path, LOADING_LINES + FOUND_SETTINGS + path.read_text(encoding="utf-8"))
    return f"{path} did not load the autograder's configuration and its sandbox; it does now, above your own lines."


def check(settings: Config) -> None:
    """Raise CourseError if ``settings`` override what reads, runs or shows submissions."""
    for section, trait in PROTECTED:
        if settings.get(section, {}).get(trait) != autograder_config()[section][trait]:
            raise CourseError(refusal(section, trait))
    if not set(autograder_config().CourseDirectory.ignore) <= set(settings.CourseDirectory.ignore):
        raise CourseError("append to c.CourseDirectory.ignore instead of replacing it (docs/settings.md).")
    if "trusted" in settings.get("Judge", {}):
        raise CourseError(
            "c.Judge.trusted is no setting; remove it. Only `autograder grade --trusted` runs submissions without "
            "the sandbox."
        )


def refusal(section: str, trait: str) -> str:
    """Return the message for a protected setting with another value."""
    return (
        f"c.{section}.{trait} overrides the autograder's value, which would disable the sandbox or the judge; "
        "remove that setting (docs/settings.md)."
    )


@cache
def autograder_config() -> Config:
    """Return the autograder's configuration of nbgrader."""
    return load(CONFIG)


def _write(path: Path, text: str) -> None:
    """Write the course's configuration if it can be loaded, else raise CourseError and keep the old file."""
    trial = path.with_name(f".{path.name}")
    trial.write_text(text, encoding="utf-8")
    try:
        load(trial)
    except CourseError as error:
        raise CourseError(str(error).replace(str(trial), str(path))) from None
    finally:
        trial.unlink()
    write_whole(path, text)
