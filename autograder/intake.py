"""What a student handed in: of the files in the student's folder the one that is meant, read once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from nbformat import NotebookNode

from autograder.sanitise import Unreadable, bytes_of, check_unit, parse_submission, released, shown

MOST_NOTEBOOKS = 20  # that are looked at in one student's folder
DEEPEST = 3  # folders below the student's: what unpacking an archive makes


@dataclass(frozen=True)
class Intake:
    """A submission: the bytes of its file, the notebook in them, and what the instructor should know about it."""

    raw: bytes
    nb: NotebookNode
    note: str = ""


def take_in(folder: Path, unit: str) -> Intake:
    """Return the submission to ``unit`` in ``folder``, which belongs to one student.

    It is the file <unit>.ipynb. Where that is missing, unreadable or untouched, it is the one other notebook of the
    unit that lies in the folder or below, and the note says so. Links are not followed, devices not opened.
    Raises Unreadable if there is no notebook of the unit, or if nobody can tell which of several is meant.
    """
    if folder.is_symlink() or folder.parent.is_symlink():
        raise Unreadable(f"the folder of {unit} is a link; ask for the files themselves.")
    proper = folder / f"{unit}.ipynb"
    named: Intake | None = None
    why = f"{proper.name} is as it was given out"
    try:
        named = _read(proper, unit)
    except Unreadable as fault:
        refusal = fault if os.path.lexists(proper) else _missing(proper)
        why = f"{proper.name} is missing" if refusal is not fault else str(fault).partition(";")[0]
    beside = dict(_beside(proper, unit))
    written = {name: one for name, one in beside.items() if not _is_untouched(one.nb, unit)}
    if named and not _is_untouched(named.nb, unit):
        return replace(named, note=f"{proper.name} was graded, not {' or '.join(written)}." if written else "")
    candidates = written or ({} if named else beside)
    if len(candidates) > 1:
        raise Unreadable(f"{why}, and it may be {' or '.join(candidates)}; give the right one that name.")
    for name, one in candidates.items():
        return replace(one, note=f"{name} was graded, because {why}.")
    if named:
        return named
    raise refusal


def _missing(path: Path) -> Unreadable:
    """Return what to raise for a folder without the notebook; it names what is there instead."""
    others = [shown(str(other.relative_to(path.parent))) for other in islice(_files(path.parent), 4)]
    there = f", there is only {' and '.join(others[:3])}{' and more' * (len(others) > 3)}" if others else ""
    return Unreadable(f"{path.name} is missing{there}; ask for it.")


def _beside(proper: Path, unit: str) -> Iterator[tuple[str, Intake]]:
    """Yield the other notebooks of the unit in the folder of ``proper`` and below, each with its name."""
    notebooks = (path for path in _files(proper.parent) if ".ipynb" in path.name.lower() and path != proper)
    for path in islice(notebooks, MOST_NOTEBOOKS):
        try:
            yield shown(str(path.relative_to(proper.parent))), _read(path, unit)
        except Unreadable:
            continue


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files in ``folder`` and below, but for hidden ones and those that macOS adds to archives."""
    for place, folders, names in os.walk(folder):
        deep = len(Path(place).relative_to(folder).parts) >= DEEPEST
        folders[:] = [] if deep else sorted(name for name in folders if not name.startswith((".", "__MACOSX")))
        yield from (Path(place, name) for name in sorted(names) if not name.startswith("."))


def _read(path: Path, unit: str) -> Intake:
    raw, name = bytes_of(path), shown(path.name)
    nb = parse_submission(name, raw)
    check_unit(name, nb, unit)
    return Intake(raw, nb)


def _is_untouched(nb: NotebookNode, unit: str) -> bool:
    """Return whether all code in ``nb`` is the course's own."""
    given_out = {cell.source for cell in released(unit).cells}
    return all(cell.source in given_out for cell in nb.cells if cell.cell_type == "code")
