"""Taking a submission in: reading the file, and giving its cells back the identities that the course gave them."""

from __future__ import annotations

import json
import stat
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.paths import student_path
from rnnlab.specs import UNITS

LARGEST_FILE = 20_000_000


class Unreadable(Exception):
    """The file is no submission that can be judged; the message says why and what to do, in one sentence."""


def read_submission(path: Path) -> NotebookNode:
    """Return the notebook in ``path``, whatever its version of the format, as version 4.

    Raises Unreadable for anything that is not a notebook of Python code.
    """
    return parse_submission(path.name, _bytes_of(path))


def parse_submission(name: str, raw: bytes) -> NotebookNode:
    """Return the notebook that the bytes of the file ``name`` hold, as version 4.

    Raises Unreadable as `read_submission` does.
    """
    if not raw.strip():
        raise Unreadable(f"{name} is empty; ask for the file again.")
    try:
        text = raw.decode("utf-8-sig")
        content = json.loads(text)
    except UnicodeDecodeError:
        raise Unreadable(f"{name} is not UTF-8 text; save the notebook again in Jupyter.") from None
    except (ValueError, RecursionError):
        raise Unreadable(f"{name} is not JSON, so it is damaged or no notebook; ask for the file again.") from None
    if isinstance(content, dict) and isinstance(content.get("cells"), list):
        return tidied(content["cells"])
    if isinstance(content, dict) and "worksheets" in content:
        return _upgraded(name, text)
    raise Unreadable(f"{name} is JSON, but not a notebook: it has no list of cells; ask for the .ipynb file.")


def tidied(cells: list[Any]) -> NotebookNode:
    """Return a notebook with what grading uses of ``cells``, whatever their types were."""
    return nbformat.from_dict({"cells": [_tidy(cell) for cell in cells if isinstance(cell, dict)]})


def _tidy(cell: dict[str, Any]) -> dict[str, Any]:
    """Return what grading uses of a cell, of the right types; outputs and the rest of the format's rules are not."""
    source, metadata, id_ = cell.get("source"), cell.get("metadata"), cell.get("id")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    return {
        "cell_type": "code" if cell.get("cell_type") == "code" else "markdown",
        "source": source if isinstance(source, str) else "",
        "metadata": metadata if isinstance(metadata, dict) else {},
        "id": id_ if isinstance(id_, str) else "",
    }


def _upgraded(name: str, text: str) -> NotebookNode:
    """Return a notebook of format 3, which has worksheets, as version 4."""
    try:
        return nbformat.reads(text, as_version=4)
    except Exception as error:
        # nbformat meets damaged notebooks with exceptions of many kinds.
        raise Unreadable(f"{name} is a damaged notebook ({type(error).__name__}); ask for the file again.") from None


def unit_of(name: str, nb: NotebookNode) -> str:
    """Return the unit whose cells, or else whose functions, ``nb`` has most of.

    A unit is told by its answers and checks, one without exercises by all its cells.
    Raises Unreadable if it has none of any unit.
    """
    counts = {unit: sum(1 for _ in _recognised(nb, released(unit))) for unit in UNITS}
    best = max(counts, key=lambda unit: counts[unit])
    if not counts[best]:
        raise Unreadable(f"{name} has no cell of any unit of this course; hand in the course's own notebook.")
    return best


def check_unit(name: str, nb: NotebookNode, unit: str) -> None:
    """Raise Unreadable if ``nb`` belongs to another unit than ``unit``."""
    found = unit_of(name, nb)
    if found != unit:
        raise Unreadable(f"{name} is a notebook of unit {found}, not of {unit}; hand in the right one.")


def mend(nb: NotebookNode, release: NotebookNode) -> NotebookNode:
    """Return the submission rebuilt: the student's cells in their order, with the course's own metadata.

    Cells are known by grade id or cell id; locked ones get their text back, copies and strange cells become plain
    code, missing graded cells are added at the end.
    Outputs, tags and metadata of the submission do not survive.
    """
    course = {cell.id: cell for cell in release.cells}
    # Of a duplicated cell the last is the official one, as it is the last to run.
    places = {key: index for index, key in enumerate(_keys(nb, course)) if key is not None}
    cells = [
        _official(cell, course[key]) if key is not None and places[key] == index else _plain(cell, index)
        for index, (cell, key) in enumerate(zip(nb.cells, _keys(nb, course), strict=True))
    ]
    missing = [cell for key, cell in course.items() if _is_graded_or_answer(cell) and key not in places]
    cells += [_official(cell, cell) for cell in missing]
    return new_notebook(cells=cells, metadata=release.metadata)


def not_executed(nb: NotebookNode, release: NotebookNode) -> set[str]:
    """Return the ids of cells that grading does not execute: checks, and demonstrations that nobody edited.

    Both are told by the released notebook, never by the submission.
    """
    demos = {cell.id: cell.source for cell in release.cells if "demo" in cell.metadata.get("tags", [])}
    checks = {cell.id for cell in release.cells if cell.metadata.get("nbgrader", {}).get("grade")}
    return checks | {cell.id for cell in nb.cells if demos.get(cell.id) == cell.source}


@cache
def released(unit: str) -> NotebookNode:
    """Return the student notebook of ``unit`` as the course gives it out.

    Raises FileNotFoundError if it was not built.
    """
    return nbformat.read(student_path(unit), as_version=4)


def _bytes_of(path: Path) -> bytes:
    try:
        status = path.lstat()
    except OSError:
        raise Unreadable(f"{path}: no such file.") from None
    if not stat.S_ISREG(status.st_mode):
        raise Unreadable(f"{path.name} is not a regular file, but a folder, link or device; ask for the file itself.")
    if status.st_size > LARGEST_FILE:
        raise Unreadable(
            f"{path.name} has {status.st_size:,} bytes, more than {LARGEST_FILE:,}; ask for it without outputs."
        )
    return path.read_bytes()


def _recognised(nb: NotebookNode, release: NotebookNode) -> Iterator[str]:
    graded = {cell.id: cell for cell in release.cells if _is_graded_or_answer(cell)}
    course = graded or {cell.id: cell for cell in release.cells}
    yield from (key for key in _keys(nb, course) if key is not None)
    answers = [key for key, cell in graded.items() if cell.metadata.nbgrader.solution]
    for cell in nb.cells:
        yield from (name for name in answers if f"def {name}(" in cell.source)


def _keys(nb: NotebookNode, course: dict[str, NotebookNode]) -> list[str | None]:
    return [_key(cell, course) for cell in nb.cells]


def _key(cell: NotebookNode, course: dict[str, NotebookNode]) -> str | None:
    """Return the course's name for a submitted cell: its grade id, or else its cell id; None if it has neither."""
    marks = cell.metadata.get("nbgrader")
    names = [marks.get("grade_id") if isinstance(marks, dict) else None, cell.get("id")]
    return next((name for name in names if isinstance(name, str) and name in course), None)


def _official(cell: NotebookNode, model: NotebookNode) -> NotebookNode:
    locked = model.metadata.get("nbgrader", {}).get("locked", False)
    source = model.source if locked else cell.source
    make: Any = new_code_cell if model.cell_type == "code" else new_markdown_cell
    return make(source, id=model.id, metadata=model.metadata)


def _plain(cell: NotebookNode, index: int) -> NotebookNode:
    make: Any = new_code_cell if cell.cell_type == "code" else new_markdown_cell
    return make(cell.source, id=f"extra-{index}")


def _is_graded_or_answer(cell: NotebookNode) -> bool:
    marks = cell.metadata.get("nbgrader", {})
    return bool(marks.get("grade") or marks.get("solution"))
