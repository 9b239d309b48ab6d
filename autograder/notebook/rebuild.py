"""Giving a submission's cells back the identities that the course gave them."""

from __future__ import annotations

import difflib
import re
from itertools import dropwhile, takewhile

from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from autograder.notebook.released import DEFINED, is_demo, is_graded_or_answer, key_of, nbgrader_of


def rebuild(nb: NotebookNode, release: NotebookNode) -> NotebookNode:
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
    keys = [key_of(cell, course) for cell in nb.cells]
    lost = {cell.source: key for key, cell in course.items() if nbgrader_of(cell).get("grade") and key not in keys}
    return [key or lost.get(cell.source.strip()) for key, cell in zip(keys, nb.cells, strict=True)]


def _completed(cells: list[NotebookNode], release: NotebookNode) -> list[NotebookNode]:
    """Return ``cells`` with the course's code that they lack, each after the cell that it follows in the course."""
    present = {cell.id for cell in cells}
    followers: dict[str, list[NotebookNode]] = {"": []}
    last = ""
    for model in release.cells:
        if model.id in present:
            last = model.id
        elif is_graded_or_answer(model) or (model.cell_type == "code" and not is_demo(model)):
            followers.setdefault(last, []).append(_official(model, model))
    return followers[""] + [new for cell in cells for new in (cell, *followers.get(cell.id, []))]


def _imports_first(cells: list[NotebookNode], release: NotebookNode) -> list[NotebookNode]:
    """Return ``cells`` with what the course defines before its first answer in front, if it stands below an answer."""
    answers = {cell.id for cell in release.cells if nbgrader_of(cell).get("solution")}
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
    checks = {cell.id for cell in release.cells if nbgrader_of(cell).get("grade")}
    idle = {cell.source for cell in release.cells if cell.id in checks or is_demo(cell)}
    unwritten = {cell.source: cell.id for cell in release.cells if nbgrader_of(cell).get("solution")}
    idle |= {source for source, name in unwritten.items() if _is_written(name, nb, source)}
    return checks | {cell.id for cell in nb.cells if cell.source in idle}


def edited_course_code(nb: NotebookNode, release: NotebookNode) -> dict[str, str]:
    """Return the course's own code for the cells of ``nb`` in which somebody has edited it, by their ids.

    These are cells that only define, such as the imports; answers and checks are not among them.
    """
    models = {cell.id: cell for cell in release.cells if cell.cell_type == "code"}
    mine = {id_: cell for id_, cell in models.items() if not (is_graded_or_answer(cell) or is_demo(cell))}
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


def _official(cell: NotebookNode, model: NotebookNode) -> NotebookNode:
    source = model.source if nbgrader_of(model).get("locked") else cell.source
    return _cell(model.cell_type, source, model.id, model.metadata)


def _plain(cell: NotebookNode, id_: str) -> NotebookNode:
    return _cell(cell.cell_type, cell.source, id_, NotebookNode())


def _cell(kind: str, source: str, id_: str, metadata: NotebookNode) -> NotebookNode:
    """Return a cell without outputs; nbformat's own function would check each against the schema, which takes long."""
    cell = NotebookNode(id=id_, cell_type=kind, source=source, metadata=metadata)
    if kind == "code":
        cell.update(execution_count=None, outputs=[])
    return cell
