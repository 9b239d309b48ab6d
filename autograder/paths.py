"""Where things lie in a checkout."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
ANSWERS = ROOT / "rnnlab" / "answers"
DIST = ROOT / "build" / "dist"
COURSE = ROOT / "course"


def student_path(unit: str) -> Path:
    """Return where the student's notebook of ``unit`` lies; it is committed."""
    return ROOT / "notebooks" / "en" / unit / f"{unit}.ipynb"


def instructor_path(unit: str) -> Path:
    """Return where the build puts the instructor's notebook of ``unit``, answers in place."""
    return ROOT / "build" / "instructor" / unit / f"{unit}.ipynb"
