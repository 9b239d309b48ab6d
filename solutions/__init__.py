"""The course: a folder per unit with its text and its known mistakes; functions to read them."""

from __future__ import annotations

import types
from functools import cache
from pathlib import Path

from solutions.text import Unit, read_unit

FOLDER = Path(__file__).parent


def units() -> list[str]:
    """Return the names of all units, in order: the folders with a text."""
    return sorted(path.parent.name for path in FOLDER.glob("u*/text.py"))


@cache
def unit(name: str) -> Unit:
    """Return the unit whose text is ``solutions/<name>/text.py``, which each process reads once.

    Raises solutions.text.TextError for a text that breaks a rule, FileNotFoundError if there is none.
    """
    return read_unit(FOLDER / name / "text.py")


def reference(name: str) -> types.ModuleType:
    """Return a fresh module in which the definition cells of unit ``name`` have been executed.

    Its functions are the reference answers; demos and checks are left out.
    """
    text = unit(name)
    module = types.ModuleType(f"reference_{name}")
    for cell in text.cells:
        if cell.defines:
            # So that tracebacks have the line numbers of the text.
            source = "\n" * cell.line + cell.source
            exec(compile(source, str(text.path), "exec"), module.__dict__)
    return module
