"""Paths in a checkout."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
ANSWERS = ROOT / "rnnlab" / "answers"
DIST = ROOT / "build" / "dist"
COURSE = ROOT / "course"


def student_path(unit: str) -> Path:
    """Return the path of the student's notebook of ``unit``, which is committed."""
    return ROOT / "notebooks" / "en" / unit / f"{unit}.ipynb"


def instructor_path(unit: str) -> Path:
    """Return the path where the build puts the instructor's notebook of ``unit``, with its answers."""
    return ROOT / "build" / "instructor" / unit / f"{unit}.ipynb"
