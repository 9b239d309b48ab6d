"""Reading a submission: from the bytes of a file to the cells that grading uses."""

from __future__ import annotations

import json
import os
import stat
from functools import partial
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode

from autograder.errors import Missing, TooMuch, Unreadable
from autograder.sandbox.limited_process import run_limited
from autograder.sandbox.limits import MIB
from autograder.untrusted_text import file_name, storable

MAX_FILE_BYTES = 20_000_000  # the course's notebooks have 60,000 bytes, with outputs some hundred thousand
SMALL_FILE = 500_000  # bytes; parsed JSON takes up to forty times its length in memory
READING_MEMORY = 300 * MIB  # for larger files: 20 MB of four-byte characters take 200 MiB
READING_CPU = 5.0  # seconds; such a file takes one
MAX_CELLS = 2_000  # the course's notebooks have about 60
MAX_CELL_NAME_LENGTH = 100  # characters; the notebook format allows 64
MAX_CHARACTERS = 2_000_000  # of code and text


def read_notebook(path: Path) -> NotebookNode:
    """Return the notebook in ``path``, whatever its version of the format, as version 4.

    Raises Unreadable for anything that is not a notebook of Python code.
    """
    return parse_notebook(file_name(path.name), bytes_of(path))


def bytes_of(path: Path) -> bytes:
    """Return the content of the regular file ``path``.

    Raises Unreadable for anything else, without opening it, and for a file that is too large; Missing if there is none.
    """
    name = file_name(path.name)
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable(
                f"{name} is not a regular file, but a folder, link or device; ask the student for the file itself."
            )
        # It may have been replaced meanwhile: a link is not followed, a pipe not waited for.
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            raw = file.read(MAX_FILE_BYTES + 1)
    except PermissionError:
        raise Unreadable(f"{name} may not be read by the grader; change its permissions.") from None
    except (FileNotFoundError, NotADirectoryError):
        raise Missing(f"{path}: no such file.") from None
    if len(raw) > MAX_FILE_BYTES:
        raise Unreadable(
            f"{name} has {status.st_size:,} bytes, more than {MAX_FILE_BYTES:,}; "
            "ask the student to resubmit it without outputs."
        )
    return raw


def parse_notebook(name: str, raw: bytes) -> NotebookNode:
    """Return the notebook in the bytes ``raw`` of the file ``name``, as version 4.

    Raises Unreadable as `read_notebook` does, and for a file that takes too much memory or time to read.
    """
    if len(raw) <= SMALL_FILE:
        return nbformat.from_dict({"cells": _cells_of(name, raw)})
    try:
        cells, refusal = run_limited(partial(_cells_or_refusal, name, raw), READING_MEMORY, READING_CPU)
    except TooMuch:
        raise Unreadable(
            f"{name} takes more memory or time to read than a notebook may ({READING_MEMORY // MIB} MiB, "
            f"{READING_CPU:g} s); ask the student to resubmit it without outputs."
        ) from None
    if refusal:
        raise Unreadable(refusal)
    return nbformat.from_dict({"cells": cells})


def _cells_or_refusal(name: str, raw: bytes) -> tuple[list[dict[str, Any]], str]:
    """Return what `_cells_of` returns, and "" or else the message of Unreadable, which no exception can carry here."""
    try:
        return _cells_of(name, raw), ""
    except Unreadable as fault:
        return [], str(fault)


def _cells_of(name: str, raw: bytes) -> list[dict[str, Any]]:
    """Return what grading uses of the cells in the file; raises Unreadable."""
    if not raw.strip():
        raise Unreadable(f"{name} is empty; ask the student to resubmit it.")
    # UTF-16 and byte order marks are recognised. From another encoding only the ASCII characters survive.
    text = raw.decode(json.detect_encoding(raw), errors="replace")
    try:
        # Python refuses to parse very long integers, and no number in a notebook matters here.
        content = json.loads(text, parse_int=float)
    except RecursionError:
        raise Unreadable(f"{name} is nested too deeply to be a notebook; ask the student to resubmit it.") from None
    except ValueError:
        raise Unreadable(
            f"{name} is not JSON, so it is damaged or no notebook; ask the student to resubmit it."
        ) from None
    cells = _cells(content)
    if cells is None:
        raise Unreadable(
            f"{name} is JSON, but not a notebook: it has no list of cells; ask the student for the .ipynb file."
        )
    if len(cells) > MAX_CELLS:
        raise Unreadable(
            f"{name} has {len(cells):,} cells, more than {MAX_CELLS:,}; "
            "ask the student to resubmit the course's notebook."
        )
    kept = [_kept(cell) for cell in cells if isinstance(cell, dict)]
    length = sum(len(cell["source"]) for cell in kept)
    if length > MAX_CHARACTERS:
        raise Unreadable(
            f"{name} has {length:,} characters in its cells, more than {MAX_CHARACTERS:,}; "
            "ask the student to resubmit it without pasted data."
        )
    return kept


def _cells(content: Any) -> list[Any] | None:
    """Return the cells of a notebook, which format 3 keeps in worksheets; None if there is no list of cells."""
    if not isinstance(content, dict):
        return None
    if isinstance(content.get("cells"), list):
        return content["cells"]
    sheets = content.get("worksheets")
    if not isinstance(sheets, list):
        return None
    lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    return [cell for cells in lists if isinstance(cells, list) for cell in cells]


def _kept(cell: dict[str, Any]) -> dict[str, Any]:
    """Return what grading uses of a cell, with the right types: its kind, source, grade id and id."""
    source, metadata, id_ = cell.get("source", cell.get("input")), cell.get("metadata"), cell.get("id")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    key = marks.get("grade_id") if isinstance(marks, dict) else None
    return {
        "cell_type": "code" if cell.get("cell_type") == "code" else "markdown",
        "source": storable(source).replace("\r\n", "\n") if isinstance(source, str) else "",
        "metadata": {"nbgrader": {"grade_id": _name(key)}} if key else {},
        "id": _name(id_),
    }


def _name(text: Any) -> str:
    """Return the name of a cell, "" for what cannot be one."""
    return storable(text) if isinstance(text, str) and len(text) <= MAX_CELL_NAME_LENGTH else ""
