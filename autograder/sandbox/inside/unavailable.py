"""Running cells that use what the sandbox does not have, such as Colab, other modules or a network.

Only statements that no answer can depend on are skipped; whatever else fails ends its cell, as in Jupyter.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from typing import Any

# The name under which cells call what `absent` returns; a notebook that deletes it only harms itself.
NOTE = "__absent_module__"
COLAB = "google.colab"
# Magics and commands that install or download something, which needs a network; and Colab's shell cells.
PROGRAMS = {"conda", "mamba", "micromamba", "pip", "shell", "uv"}
NETWORKING = re.compile(
    r"(?:^|[;&|])\s*(?:sudo\s+)?(?:\S*python[\d.]*\s+-m\s+)?"
    r"(?:apt|apt-get|brew|conda|curl|gdown|git|mamba|micromamba|npm|pip[\d.]*|uv|wget)\b"
)
# Magics that run the student's code: its exceptions end the cell.
RUNNING = {"capture", "debug", "memit", "mprun", "prun", "run", "time", "timeit"}
SKIPPED = "[{what} was skipped: the grader does not run it.]\n"
WITHOUT = "[{error}: the rest of the cell was run without this import.]\n"


class AbsentModules(ast.NodeTransformer):
    """Lets a cell go on after a top-level import of a missing module; nested imports are unchanged."""

    def visit_Module(self, node: ast.Module) -> ast.Module:
        """Return the cell with each top-level import in a `try` of its own."""
        node.body = [new for old in node.body for new in _apart(old)]
        return ast.fix_missing_locations(node)


class Nothing:
    """Stands for a part of Colab: any attribute exists, any call does nothing."""

    def __getattr__(self, name: str) -> Nothing:
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args: Any, **kwargs: Any) -> Nothing:
        """Do nothing."""
        return self


def absent(namespace: dict[str, Any], note: Callable[[ModuleNotFoundError], None]) -> Callable[..., None]:
    """Return the function that cells call with the exception of a failed import and the names it would have bound."""

    def noted(error: ModuleNotFoundError, module: str, names: Mapping[str, str]) -> None:
        if f"{module}.".startswith(f"{COLAB}.") or module == "google":
            namespace.update((bound, Nothing()) for bound in names if bound != "*")
        else:
            note(error)

    return noted


def _apart(statement: ast.stmt) -> list[ast.stmt]:
    """Return an import as one guarded statement per module; any other statement unchanged."""
    match statement:
        case ast.Import(names=names):
            return [_guarded(ast.copy_location(ast.Import([name]), statement), name.name, [name]) for name in names]
        case ast.ImportFrom(module=str(module), level=0, names=names) if module != "__future__":
            return [_guarded(statement, module, names)]
    return [statement]


def _guarded(statement: ast.stmt, module: str, names: list[ast.alias]) -> ast.stmt:
    bound = {name.asname or name.name.partition(".")[0]: name.name for name in names}
    handler = ast.parse(
        f"try: pass\nexcept ModuleNotFoundError as {NOTE}error: {NOTE}({NOTE}error, {module!r}, {bound!r})"
    )
    (guarded,) = handler.body
    assert isinstance(guarded, ast.Try)
    guarded.body = [statement]
    for part in ast.walk(handler):
        if part is not statement and "lineno" in part._attributes and not isinstance(part, ast.alias):
            ast.copy_location(part, statement)
    return guarded
