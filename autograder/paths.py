"""Where things lie in a checkout."""

from pathlib import Path

ROOT = Path(__file__).parent.parent
NOTEBOOKS = ROOT / "notebooks" / "en"
ANSWERS = ROOT / "rnnlab" / "answers"
INSTRUCTOR = ROOT / "build" / "instructor"
DIST = ROOT / "build" / "dist"
COURSE = ROOT / "course"
