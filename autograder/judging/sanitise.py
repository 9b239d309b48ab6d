"""Taking a submission in: reading the file, and giving its cells back the identities that the course gave them."""

from __future__ import annotations

import difflib
import json
import os
import re
import stat
from functools import cache, partial
from itertools import dropwhile, takewhile
from pathlib import Path
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from autograder.paths import student_path
from autograder.sandbox.confined import TooMuch, confined
from autograder.sandbox.limits import MIB
from rnnlab.specs import UNITS

LARGEST_FILE = 20_000_000  # bytes; the course's notebooks have 60,000, and some hundred thousand with outputs
SMALL_FILE = 500_000  # bytes; JSON takes up to forty times as much memory as it is long
READING_MEMORY = 300 * MIB  # for larger ones: 20 MB of letters that take four bytes each take 200 MiB
READING_CPU = 5.0  # seconds; such a file takes one
MOST_CELLS = 2_000  # the course's notebooks have about 60
LONGEST_NAME = 100  # letters of a cell's name; the format allows 64
MOST_TEXT = 2_000_000  # characters of code and text; a feedback page shows them all
DEFINED = re.compile(r"def (\w+)\(")


class Unreadable(Exception):
    """The file is no submission that can be judged; the message says why and what to do, in one sentence."""


class Missing(Unreadable):
    """There is no such file."""


def read_submission(path: Path) -> NotebookNode:
    """Return the notebook in ``path``, whatever its version of the format, as version 4.

    Raises Unreadable for anything that is not a notebook of Python code.
    """
    return parse_submission(shown(path.name), bytes_of(path))


def bytes_of(path: Path) -> bytes:
    """Return what the regular file ``path`` holds.

    Raises Unreadable for anything else, without opening it, and for a file that is too large; Missing for none.
    """
    name = shown(path.name)
    try:
        status = path.lstat()
        if not stat.S_ISREG(status.st_mode):
            raise Unreadable(f"{name} is not a regular file, but a folder, link or device; ask for the file itself.")
        # Whatever has taken its place meanwhile is neither followed nor waited for.
        with open(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            raw = file.read(LARGEST_FILE + 1)
    except PermissionError:
        raise Unreadable(f"{name} may not be read by the grader; change its permissions.") from None
    except (FileNotFoundError, NotADirectoryError):
        raise Missing(f"{path}: no such file.") from None
    if len(raw) > LARGEST_FILE:
        raise Unreadable(
            f"{name} has {status.st_size:,} bytes, more than {LARGEST_FILE:,}; ask for it without outputs."
        )
    return raw


def parse_submission(name: str, raw: bytes) -> NotebookNode:
    """Return the notebook that the bytes of the file ``name`` hold, as version 4.

    Raises Unreadable as `read_submission` does, and for a file that takes too much memory or time to read.
    """
    if len(raw) <= SMALL_FILE:
        return nbformat.from_dict({"cells": _cells_of(name, raw)})
    try:
        cells, refusal = confined(partial(_cells_or_refusal, name, raw), READING_MEMORY, READING_CPU)
    except TooMuch:
        raise Unreadable(
            f"{name} takes more memory or time to read than a notebook may ({READING_MEMORY // MIB} MiB, "
            f"{READING_CPU:g} s); ask for it without outputs."
        ) from None
    if refusal:
        raise Unreadable(refusal)
    return nbformat.from_dict({"cells": cells})


def _cells_or_refusal(name: str, raw: bytes) -> tuple[list[dict[str, Any]], str]:
    """Return what `_cells_of` returns, and why it refuses the file, "" if it does not."""
    try:
        return _cells_of(name, raw), ""
    except Unreadable as fault:
        return [], str(fault)


def _cells_of(name: str, raw: bytes) -> list[dict[str, Any]]:
    """Return what grading uses of the cells that the file holds; raises Unreadable."""
    if not raw.strip():
        raise Unreadable(f"{name} is empty; ask for the file again.")
    # UTF-16 and marks of byte order are recognised. Letters of another encoding are lost, but nothing around them is.
    text = raw.decode(json.detect_encoding(raw), errors="replace")
    try:
        # Python refuses to read very long integers, and no number in a notebook matters here.
        content = json.loads(text, parse_int=float)
    except RecursionError:
        raise Unreadable(f"{name} is nested too deeply to be a notebook; ask for the file again.") from None
    except ValueError:
        raise Unreadable(f"{name} is not JSON, so it is damaged or no notebook; ask for the file again.") from None
    cells = _cells(content)
    if cells is None:
        raise Unreadable(f"{name} is JSON, but not a notebook: it has no list of cells; ask for the .ipynb file.")
    if len(cells) > MOST_CELLS:
        raise Unreadable(f"{name} has {len(cells):,} cells, more than {MOST_CELLS:,}; ask for the course's notebook.")
    tidy = [_tidy(cell) for cell in cells if isinstance(cell, dict)]
    length = sum(len(cell["source"]) for cell in tidy)
    if length > MOST_TEXT:
        raise Unreadable(
            f"{name} has {length:,} characters in its cells, more than {MOST_TEXT:,}; ask for it without pasted data."
        )
    return tidy


def shown(name: str) -> str:
    """Return a file's name as it can be put into a sentence: on one line, of bounded length."""
    printable = "".join(letter if letter.isprintable() else "?" for letter in name)
    return printable if len(printable) <= 80 else f"{printable[:60]}…{printable[-15:]}"


def _cells(content: Any) -> list[Any] | None:
    """Return the cells of a notebook, which format 3 keeps in worksheets; None if there is no list of them."""
    if not isinstance(content, dict):
        return None
    if isinstance(content.get("cells"), list):
        return content["cells"]
    sheets = content.get("worksheets")
    if not isinstance(sheets, list):
        return None
    lists = [sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)]
    return [cell for cells in lists if isinstance(cells, list) for cell in cells]


def _tidy(cell: dict[str, Any]) -> dict[str, Any]:
    """Return what grading uses of a cell, of the right types; outputs and the rest of the format's rules are not."""
    source, metadata, id_ = cell.get("source", cell.get("input")), cell.get("metadata"), cell.get("id")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    marks = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    key = marks.get("grade_id") if isinstance(marks, dict) else None
    return {
        "cell_type": "code" if cell.get("cell_type") == "code" else "markdown",
        "source": _writable(source).replace("\r\n", "\n"),
        "metadata": {"nbgrader": {"grade_id": _name(key)}} if key else {},
        "id": _name(id_),
    }


def _name(text: Any) -> str:
    """Return what may be the name of a cell, "" for anything else."""
    return _writable(text) if isinstance(text, str) and len(text) <= LONGEST_NAME else ""


def _writable(text: Any) -> str:
    """Return the string without what cannot be written: halves of characters, and zeros; "" for anything else."""
    return text.encode(errors="replace").decode().replace("\0", "") if isinstance(text, str) else ""


def unit_of(name: str, nb: NotebookNode) -> str:
    """Return the unit whose cells, or else whose functions, ``nb`` has most of.

    A unit is told by its answers and checks, one without exercises by all its cells.
    Raises Unreadable if it has none of any unit.
    """
    counts = {unit: _recognised(nb, unit) for unit in UNITS}
    best = max(counts, key=lambda unit: counts[unit])
    if not counts[best]:
        raise Unreadable(f"{name} has no cell of any unit of this course; hand in the course's own notebook.")
    return best


def check_unit(name: str, nb: NotebookNode, unit: str) -> None:
    """Raise Unreadable if ``nb`` belongs to another unit than ``unit``."""
    found = unit_of(name, nb)
    if found == unit:
        return
    if _named(nb, found):
        raise Unreadable(f"{name} is a notebook of unit {found}, not of {unit}; hand in the right one.")
    raise Unreadable(
        f"{name} is no notebook of unit {unit}: it has functions with the names of unit {found}, but none of its "
        "cells; hand in the course's own notebook."
    )


def mend(nb: NotebookNode, release: NotebookNode) -> NotebookNode:
    """Return the submission rebuilt: the student's cells in their order, with the course's own metadata.

    Cells are known by grade id or cell id; locked ones get their text back, copies and strange cells become plain
    code, and so does what was written into a locked cell. What is missing of the course's code comes back, and its
    imports come first.
    Outputs, tags and metadata of the submission do not survive.
    """
    course = {cell.id: cell for cell in release.cells}
    keys = _keys(nb, course)
    # Of a duplicated cell the last is the official one, as it is the last to run.
    places = {key: index for index, key in enumerate(keys) if key is not None}
    cells = []
    for index, (cell, key) in enumerate(zip(nb.cells, keys, strict=True)):
        if key is None or places[key] != index:
            cells.append(_plain(cell, f"extra-{index}"))
            continue
        official = _official(cell, course[key])
        if official.source != cell.source and cell.cell_type == "code":
            cells.append(_plain(cell, f"extra-{index}"))
        cells.append(official)
    return new_notebook(cells=_imports_first(_completed(cells, release), release), metadata=release.metadata)


def _keys(nb: NotebookNode, course: dict[str, NotebookNode]) -> list[str | None]:
    """Return the course's name of each cell, None for a cell that is none of the course's.

    A check that has lost its name is known by its text.
    """
    keys = [_key(cell, course) for cell in nb.cells]
    lost = {cell.source: key for key, cell in course.items() if _marks(cell).get("grade") and key not in keys}
    return [key or lost.get(cell.source.strip()) for key, cell in zip(keys, nb.cells, strict=True)]


def _completed(cells: list[NotebookNode], release: NotebookNode) -> list[NotebookNode]:
    """Return ``cells`` with the course's code that they lack, each after the cell that it follows in the course."""
    present = {cell.id for cell in cells}
    followers: dict[str, list[NotebookNode]] = {"": []}
    last = ""
    for model in release.cells:
        if model.id in present:
            last = model.id
        elif _is_graded_or_answer(model) or (model.cell_type == "code" and not is_demo(model)):
            followers.setdefault(last, []).append(_official(model, model))
    return followers[""] + [new for cell in cells for new in (cell, *followers.get(cell.id, []))]


def _imports_first(cells: list[NotebookNode], release: NotebookNode) -> list[NotebookNode]:
    """Return ``cells`` with what the course defines before its first answer in front, if it stands below an answer."""
    answers = {cell.id for cell in release.cells if _marks(cell).get("solution")}
    course = takewhile(lambda cell: cell.id not in answers, release.cells)
    needed = {cell.id for cell in course if cell.cell_type == "code" and not is_demo(cell)}
    late = needed & {cell.id for cell in dropwhile(lambda cell: cell.id not in answers, cells)}
    return sorted(cells, key=lambda cell: cell.id not in late)


def not_executed(nb: NotebookNode, release: NotebookNode) -> set[str]:
    """Return the ids of cells that grading does not execute.

    These are checks, demonstrations that nobody edited, and untouched answers whose function stands in another cell:
    they would put the unwritten function in the place of the written one.
    All are told by the released notebook, never by the submission's metadata.
    """
    checks = {cell.id for cell in release.cells if _marks(cell).get("grade")}
    idle = {cell.source for cell in release.cells if cell.id in checks or is_demo(cell)}
    unwritten = {cell.source: cell.id for cell in release.cells if _marks(cell).get("solution")}
    idle |= {source for source, name in unwritten.items() if _is_written(name, nb, source)}
    return checks | {cell.id for cell in nb.cells if cell.source in idle}


def edited_course_code(nb: NotebookNode, release: NotebookNode) -> dict[str, str]:
    """Return the course's own code for the cells of ``nb`` in which somebody has edited it, by their ids.

    These are cells that only define, such as the imports; answers and checks are not among them.
    """
    models = {cell.id: cell for cell in release.cells if cell.cell_type == "code"}
    mine = {id_: cell for id_, cell in models.items() if not (_is_graded_or_answer(cell) or is_demo(cell))}
    return {
        cell.id: mine[cell.id].source for cell in nb.cells if cell.id in mine and cell.source != mine[cell.id].source
    }


def defining_cells(name: str, nb: NotebookNode) -> list[NotebookNode]:
    """Return the code cells of ``nb`` that may define ``name``: its own, and those whose text binds or imports it."""
    binding = re.compile(rf"^\s*(?:(?:async\s+)?def\s+{name}\b|{name}\s*=|(?:from|import)\b.*\b{name}\b)", re.MULTILINE)
    return [cell for cell in nb.cells if cell.cell_type == "code" and (cell.id == name or binding.search(cell.source))]


def misspelt(name: str, nb: NotebookNode, release: NotebookNode) -> str | None:
    """Return the name nearest to ``name`` among the functions that are defined in ``nb`` and are not the course's."""
    known = {word for cell in release.cells for word in DEFINED.findall(cell.source)}
    found = {word for cell in nb.cells if cell.cell_type == "code" for word in DEFINED.findall(cell.source)}
    near = difflib.get_close_matches(name, sorted(found - known), n=1, cutoff=0.75)
    return near[0] if near else None


def _is_written(name: str, nb: NotebookNode, unwritten: str) -> bool:
    """Return whether a code cell defines ``name``, apart from those that are still as they were given out."""
    definition = re.compile(rf"^(?:def\s+{name}\b|{name}\s*=)", re.MULTILINE)
    return any(
        cell.cell_type == "code" and cell.source != unwritten and definition.search(cell.source) for cell in nb.cells
    )


@cache
def released(unit: str) -> NotebookNode:
    """Return the student notebook of ``unit`` as the course gives it out.

    Raises FileNotFoundError if it was not built.
    """
    # nbformat.read would check our own file against the schema, which takes ten times as long.
    return nbformat.v4.reads(student_path(unit).read_text(encoding="utf-8"))


def _recognised(nb: NotebookNode, unit: str) -> int:
    """Return how many cells of ``nb`` have a name of the unit's cells, plus how many define one of its functions."""
    _, answers = _names(unit)
    return _named(nb, unit) + sum(len(answers.intersection(DEFINED.findall(cell.source))) for cell in nb.cells)


def _named(nb: NotebookNode, unit: str) -> int:
    """Return how many cells of ``nb`` have a name of the unit's cells."""
    course, _ = _names(unit)
    return sum(_key(cell, course) is not None for cell in nb.cells)


@cache
def _names(unit: str) -> tuple[dict[str, NotebookNode], set[str]]:
    """Return the cells that tell the unit, by name, and the names of its functions."""
    cells = {cell.id: cell for cell in released(unit).cells}
    graded = {key: cell for key, cell in cells.items() if _is_graded_or_answer(cell)}
    return graded or cells, {key for key, cell in graded.items() if _marks(cell).get("solution")}


def _key(cell: NotebookNode, course: dict[str, NotebookNode]) -> str | None:
    """Return the course's name for a submitted cell: its grade id, or else its cell id; None if it has neither."""
    marks = cell.metadata.get("nbgrader")
    names = [marks.get("grade_id") if isinstance(marks, dict) else None, cell.get("id")]
    return next((name for name in names if isinstance(name, str) and name in course), None)


def _official(cell: NotebookNode, model: NotebookNode) -> NotebookNode:
    source = model.source if _marks(model).get("locked") else cell.source
    return _cell(model.cell_type, source, model.id, model.metadata)


def _plain(cell: NotebookNode, id_: str) -> NotebookNode:
    return _cell(cell.cell_type, cell.source, id_, NotebookNode())


def _cell(kind: str, source: str, id_: str, metadata: NotebookNode) -> NotebookNode:
    """Return a cell without outputs; nbformat's own function would check each against the schema, which takes long."""
    cell = NotebookNode(id=id_, cell_type=kind, source=source, metadata=metadata)
    if kind == "code":
        cell.update(execution_count=None, outputs=[])
    return cell


def is_demo(cell: NotebookNode) -> bool:
    """Return whether a released cell only demonstrates."""
    return "demo" in cell.metadata.get("tags", [])


def _is_graded_or_answer(cell: NotebookNode) -> bool:
    return bool(_marks(cell).get("grade") or _marks(cell).get("solution"))


def _marks(cell: NotebookNode) -> dict[str, Any]:
    """Return what nbgrader knows about a released cell."""
    return cell.metadata.get("nbgrader", {})
