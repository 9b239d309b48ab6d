"""The student's name and the time of submission, from the folder and its timestamp.txt."""

from __future__ import annotations

import os
import re
import stat
from datetime import datetime
from pathlib import Path

from nbgrader.utils import parse_utc

from autograder.errors import Unreadable

MAX_STUDENT_NAME_LENGTH = 128  # characters, as in nbgrader's gradebook
MAX_FILE_NAME_BYTES = 250  # bytes, so that .json may follow
TIMESTAMP = "timestamp.txt"
MAX_TIMESTAMP_LENGTH = 100  # bytes
# As nbgrader writes it: 2026-02-02 15:58:23.948203 America/Los_Angeles
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[ T]\d\d:\d\d(:\d\d(\.\d{1,6})?)?( ?[+-]\d\d:?\d\d|Z| [A-Z]\w*(/\w+)*)?", re.ASCII)


def has_name(student: str) -> bool:
    """Return whether the student's name fits into the gradebook and into a file's name."""
    try:
        return len(student) <= MAX_STUDENT_NAME_LENGTH and len(student.encode()) <= MAX_FILE_NAME_BYTES
    except UnicodeEncodeError:
        return False


def check_name(student: str) -> None:
    """Raise Unreadable for a name of which `has_name` is not true."""
    if not has_name(student):
        raise Unreadable(
            f"the folder's name is not UTF-8, or longer than {MAX_STUDENT_NAME_LENGTH} characters or "
            f"{MAX_FILE_NAME_BYTES} bytes (a Hangul syllable has three); rename it."
        )


def submitted_at(folder: Path) -> tuple[datetime | None, str]:
    """Return the time of submission in UTC, and a note for the instructor, "" if there is none.

    It is None where there is no file timestamp.txt, or where it holds no valid time.
    """
    path = folder / TIMESTAMP
    if not os.path.lexists(path):
        return None, ""
    text = _short_text(path)
    if MOMENT.fullmatch(text):
        try:
            # nbgrader reads +0900 after a space as 900 seconds.
            return parse_utc(re.sub(" (?=[+-])", "", text)), ""
        except (ValueError, OverflowError):
            pass
    return None, f"{TIMESTAMP} has no valid time; lateness was not determined."


def _short_text(path: Path) -> str:
    """Return the text of a small regular file, "" for anything else."""
    try:
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                return ""
            return file.read(MAX_TIMESTAMP_LENGTH).decode("ascii", "replace").strip()
    except OSError:
        return ""
