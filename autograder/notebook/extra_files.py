"""The files that a student submitted beside the notebook, such as a module or data."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from autograder.errors import Unreadable
from autograder.notebook.read import bytes_of
from autograder.notebook.timestamp import TIMESTAMP

MAX_FILES = 50
MAX_BYTES = 10_000_000  # of all files together
MAX_FOLDERS = 20  # that are searched
MAX_DEPTH = 3  # folders below the notebook's
# Neither modules nor data: other notebooks, compiled Python, what macOS adds to archives.
IGNORED_EXTENSIONS = (".ipynb", ".pyc")
ARCHIVED, COMPILED = "__MACOSX", "__pycache__"


@dataclass(frozen=True)
class Beside:
    """The files' contents by path relative to the notebook's folder, and a note if some were left out."""

    files: dict[str, bytes] = field(default_factory=dict)
    note: str = ""


def files_beside(notebook: Path) -> Beside:
    """Return the regular files in the folder of ``notebook`` and below, modules first, up to the limits above.

    Links are not followed, devices not opened, hidden files and other notebooks ignored.
    """
    files: dict[str, bytes] = {}
    left_out = 0
    room = MAX_BYTES
    found = sorted(_found(notebook.parent), key=lambda name: (not name.endswith(".py"), name))
    for name in found:
        content = _content(notebook.parent / name, room) if len(files) < MAX_FILES else None
        if content is not None:
            files[name] = content
            room -= len(content)
        elif _is_file(notebook.parent / name):
            left_out += 1
    return Beside(files, _note(left_out))


def _found(folder: Path) -> Iterator[str]:
    """Yield the paths, relative to ``folder``, of what may be given to the notebook."""
    for count, (place, folders, names) in enumerate(os.walk(folder), 1):
        above = Path(place).relative_to(folder)
        if count > MAX_FOLDERS:
            return
        folders[:] = sorted(name for name in folders if not name.startswith((".", ARCHIVED, COMPILED)))
        if len(above.parts) >= MAX_DEPTH:
            folders[:] = []
        for name in names:
            if not name.startswith(".") and not name.lower().endswith(IGNORED_EXTENSIONS) and name != TIMESTAMP:
                path = str(above / name)
                if _is_text(path):
                    yield path


def _content(path: Path, room: int) -> bytes | None:
    """Return the content of a regular file; None for anything else, or if it is too large or not readable."""
    try:
        if path.lstat().st_size > room:
            return None
        content = bytes_of(path)
    except (OSError, Unreadable):
        return None
    return content if len(content) <= room else None


def _is_file(path: Path) -> bool:
    try:
        return stat.S_ISREG(path.lstat().st_mode)
    except OSError:
        return False


def _is_text(path: str) -> bool:
    """Return whether the path is UTF-8, as frames require."""
    try:
        return bool(path.encode())
    except UnicodeEncodeError:
        return False


def _note(left_out: int) -> str:
    if not left_out:
        return ""
    what = "1 file beside the notebook was" if left_out == 1 else f"{left_out:,} files beside the notebook were"
    return f"{what} not given to it: the limit is {MAX_FILES} files and {MAX_BYTES // 1_000_000} MB in all."
