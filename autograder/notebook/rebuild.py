"""Rebuilding a submission on the released notebook: the student's code, the course's ids, checks and metadata."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from itertools import dropwhile, takewhile

from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from autograder.notebook.released import DEFINED, is_demo, is_graded_or_answer, key_of, nbgrader_of, released


@dataclass(frozen=True)
class Rebuilt:
    """A submission as it is executed.

    ``skip`` holds the ids of cells that are not, ``first`` the course's code by the id of the cell before which it is.
    """

    nb: NotebookNode
    skip: set[str]
    first: dict[str, str]


def rebuild_for_execution(nb: NotebookNode, unit: str) -> Rebuilt:
    """Return a submission to ``unit`` rebuilt, and what of it is executed."""
    release = released(unit)
    rebuilt = rebuild(nb, release)
    return Rebuilt(rebuilt, not_executed(rebuilt, release), edited_course_code(rebuilt, release))


def rebuild(nb: NotebookNode, release: NotebookNode) -> NotebookNode:
    """Return the submission rebuilt: the student's cells in their order, with the course's own metadata.

    Cells are identified by grade id or cell id. Locked cells get their source back; copies, unknown cells and what was
    written into a locked cell become ordinary code cells. Missing code of the course is put back, its imports first.
    Outputs, tags and metadata of the submission are dropped.
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
    """Return the course's name of each cell, None for a cell that the student added.

    A check that has lost its name is identified by its source.
    """
    keys = [key_of(cell, course) for cell in nb.cells]
    lost = {cell.source: key for key, cell in course.items() if nbgrader_of(cell).get("grade") and key not in keys}
    return [key or lost.get(cell.source.strip()) for key, cell in zip(keys, nb.cells, strict=True)]


def _completed(cells: list[NotebookNode], release: NotebookNode) -> list[NotebookNode]:
    """Return ``cells`` with missing code cells of the course, each after the cell that it follows in the course."""
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
    """Return ``cells`` with the course's imports and definitions moved to the front if they are below an answer."""
    answers = {cell.id for cell in release.cells if nbgrader_of(cell).get("solution")}
    course = takewhile(lambda cell: cell.id not in answers, release.cells)
    needed = {cell.id for cell in course if cell.cell_type == "code" and not is_demo(cell)}
    late = needed & {cell.id for cell in dropwhile(lambda cell: cell.id not in answers, cells)}
    return sorted(cells, key=lambda cell: cell.id not in late)


def not_executed(nb: NotebookNode, release: NotebookNode) -> set[str]:
    """Return the ids of cells that grading does not execute.

    These are checks, unedited demos, and untouched answers whose function is defined in another cell: they would
    replace the written function by the unwritten one.
    The released notebook decides which these are, never the submission's metadata.
    """
    checks = {cell.id for cell in release.cells if nbgrader_of(cell).get("grade")}
    idle = {cell.source for cell in release.cells if cell.id in checks or is_demo(cell)}
    unwritten = {cell.source: cell.id for cell in release.cells if nbgrader_of(cell).get("solution")}
    idle |= {source for source, name in unwritten.items() if _is_written(name, nb, source)}
    return checks | {cell.id for cell in nb.cells if cell.source in idle}


def edited_course_code(nb: NotebookNode, release: NotebookNode) -> dict[str, str]:
    """Return the course's source of those cells of ``nb`` that the student edited, by cell id.

    Only cells that define something, such as the imports, not answers, checks or demos.
    """
    models = {cell.id: cell for cell in release.cells if cell.cell_type == "code"}
    defining = {id_: cell for id_, cell in models.items() if not (is_graded_or_answer(cell) or is_demo(cell))}
    return {
        cell.id: defining[cell.id].source
        for cell in nb.cells
        if cell.id in defining and cell.source != defining[cell.id].source
    }


def defining_cells(name: str, nb: NotebookNode) -> list[NotebookNode]:
    """Return the code cells of ``nb`` that may define ``name``: its answer cell, and those that bind or import it."""
    binding = re.compile(rf"^\s*(?:(?:async\s+)?def\s+{name}\b|{name}\s*=|(?:from|import)\b.*\b{name}\b)", re.MULTILINE)
    return [cell for cell in nb.cells if cell.cell_type == "code" and (cell.id == name or binding.search(cell.source))]


def misspelt(name: str, nb: NotebookNode, release: NotebookNode) -> str | None:
    """Return the name most similar to ``name`` among the functions that the student defined, None if none is."""
    known = {word for cell in release.cells for word in DEFINED.findall(cell.source)}
    found = {word for cell in nb.cells if cell.cell_type == "code" for word in DEFINED.findall(cell.source)}
    near = difflib.get_close_matches(name, sorted(found - known), n=1, cutoff=0.75)
    return near[0] if near else None


def _is_written(name: str, nb: NotebookNode, unwritten: str) -> bool:
    """Return whether a code cell other than an untouched answer defines ``name``."""
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
    """Return a cell without outputs; nbformat's own function would validate each against the schema, which is slow."""
    cell = NotebookNode(id=id_, cell_type=kind, source=source, metadata=metadata)
    if kind == "code":
        cell.update(execution_count=None, outputs=[])
    return cell
