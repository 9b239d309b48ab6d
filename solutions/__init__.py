"""The course's texts, one py:percent file a unit, and what is derived from them: units, references, mistakes."""

from __future__ import annotations

import types
from pathlib import Path

from solutions.text import Unit, read_unit

FOLDER = Path(__file__).parent


def unit(name: str) -> Unit:
    """Return the unit whose text is ``solutions/<name>.py``.

    Raises solutions.text.TextError for a text that breaks a rule, FileNotFoundError if there is none.
    """
    return read_unit(FOLDER / f"{name}.py")


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
