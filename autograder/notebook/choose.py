"""Which of the files in a student's folder is the submission; each file is read once."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from nbformat import NotebookNode

from autograder.errors import Missing, Unreadable
from autograder.notebook.extra_files import files_beside
from autograder.notebook.read import MAX_FILE_BYTES, bytes_of, parse_notebook
from autograder.notebook.released import check_unit, released
from autograder.notebook.timestamp import submitted_at
from autograder.results import Submission
from autograder.untrusted_text import file_name
from autograder.version import course_version

MAX_NOTEBOOKS = 20  # that are considered in one student's folder
MAX_DEPTH = 3  # folders below the student's, as unpacking an archive makes them


@dataclass(frozen=True)
class _Candidate:
    """A file that may be the submission: its bytes, and the notebook of the unit that they hold."""

    path: Path
    raw: bytes
    nb: NotebookNode


def read_submission(folder: Path, student: str, unit: str, seed: int) -> Submission:
    """Return what ``student`` handed in to ``unit`` in ``folder``, to be judged with inputs drawn from ``seed``.

    The notebook is the file <unit>.ipynb. Where that is missing, unreadable or untouched, it is the one other notebook
    of the unit in the folder or below, and the note says so. Links are not followed, devices not opened.
    Raises Unreadable if there is no notebook of the unit, or if several may be meant. A file with the right name beside
    which there is no other notebook is not parsed here.
    """
    path, raw, why_this = _notebook(folder, unit)
    beside = files_beside(path)
    when, remark = submitted_at(folder)
    note = " ".join(filter(None, (why_this, beside.note, remark)))
    return Submission(student, unit, raw, beside.files, when, seed, course_version(unit), note)


def _notebook(folder: Path, unit: str) -> tuple[Path, bytes, str]:
    """Return the path of the notebook, its bytes, and why it was chosen where that is to be known."""
    if os.path.islink(folder) or os.path.islink(folder.parent):
        raise Unreadable(f"the folder of {unit} is a link; ask the student for the files themselves.")
    proper = folder / f"{unit}.ipynb"
    others = list(_others(proper))
    if os.path.lexists(proper) and not others:
        return proper, bytes_of(proper), ""
    chosen, why = _chosen(proper, others, unit)
    return chosen.path, chosen.raw, why


def _chosen(proper: Path, others: list[Path], unit: str) -> tuple[_Candidate, str]:
    """Return the one of several notebooks that is the submission, and why; raises Unreadable."""
    named: _Candidate | None = None
    why = f"{proper.name} is unchanged from the release"
    try:
        named = _read(proper, unit)
    except Missing:
        refusal, why = _missing(proper), f"{proper.name} is missing"
    except Unreadable as fault:
        refusal, why = fault, str(fault).partition(";")[0]
    beside = dict(_beside(proper, others, unit))
    written = {name: one for name, one in beside.items() if not _is_untouched(one.nb, unit)}
    if named and not _is_untouched(named.nb, unit):
        return named, f"{proper.name} was graded, not {' or '.join(written)}." if written else ""
    candidates = written or ({} if named else beside)
    if len(candidates) > 1:
        raise Unreadable(f"{why}, and it may be {' or '.join(candidates)}; give the right one that name.")
    for name, one in candidates.items():
        return one, f"{name} was graded, because {why}."
    if named:
        return named, ""
    raise refusal


def _missing(path: Path) -> Unreadable:
    """Return the exception for a folder without the notebook; it names what is there instead."""
    others = [file_name(str(other.relative_to(path.parent))) for other in islice(_files(path.parent), 4)]
    there = f", there is only {' and '.join(others[:3])}{' and more' * (len(others) > 3)}" if others else ""
    return Unreadable(f"{path.name} is missing{there}; ask the student to submit it.")


def _others(proper: Path) -> Iterator[Path]:
    """Yield the notebooks in the folder of ``proper`` and below, except itself, up to ``MAX_NOTEBOOKS``."""
    notebooks = (path for path in _files(proper.parent) if ".ipynb" in path.name.lower() and path != proper)
    yield from islice(notebooks, MAX_NOTEBOOKS)


def _beside(proper: Path, others: list[Path], unit: str) -> Iterator[tuple[str, _Candidate]]:
    """Yield those of the ``others`` that are notebooks of the unit, with their names, up to a total size."""
    left = MAX_FILE_BYTES
    for path in others:
        left -= path.lstat().st_size
        if left < 0:
            return
        try:
            yield file_name(str(path.relative_to(proper.parent))), _read(path, unit)
        except Unreadable:
            continue


def _files(folder: Path) -> Iterator[Path]:
    """Yield the files in ``folder`` and below, except hidden ones and those that macOS adds to archives."""
    for place, folders, names in os.walk(folder):
        deep = len(Path(place).relative_to(folder).parts) >= MAX_DEPTH
        folders[:] = [] if deep else sorted(name for name in folders if not name.startswith((".", "__MACOSX")))
        yield from (Path(place, name) for name in sorted(names) if not name.startswith("."))


def _read(path: Path, unit: str) -> _Candidate:
    raw, name = bytes_of(path), file_name(path.name)
    nb = parse_notebook(name, raw)
    check_unit(name, nb, unit)
    return _Candidate(path, raw, nb)


def _is_untouched(nb: NotebookNode, unit: str) -> bool:
    """Return whether all code in ``nb`` is as it was released."""
    as_released = {cell.source for cell in released(unit).cells}
    return all(cell.source in as_released for cell in nb.cells if cell.cell_type == "code")
