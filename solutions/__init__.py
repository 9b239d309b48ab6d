"""The course: a folder per unit with its text and its known mistakes, and what is derived from the texts."""

from __future__ import annotations

import types
from pathlib import Path

from solutions.text import Unit, read_unit

FOLDER = Path(__file__).parent


def units() -> list[str]:
    """Return the names of all units, in the order in which they are read: the folders that hold a text."""
    return sorted(path.parent.name for path in FOLDER.glob("u*/text.py"))


def unit(name: str) -> Unit:
    """Return the unit whose text is ``solutions/<name>/text.py``.

    Raises solutions.text.TextError for a text that breaks a rule, FileNotFoundError if there is none.
    """
    return read_unit(FOLDER / name / "text.py")


def reference(name: str) -> types.ModuleType:
    """Return a fresh module in which the definition cells of unit ``name`` have been executed.

    Its functions are the reference answers; cells that only demonstrate or check are left out.
    """
    text = unit(name)
    module = types.ModuleType(f"reference_{name}")
    for cell in text.cells:
        if cell.defines:
            # The line numbers of a traceback are then those of the text.
            source = "\n" * cell.line + cell.source
            exec(compile(source, str(text.path), "exec"), module.__dict__)
    return module
