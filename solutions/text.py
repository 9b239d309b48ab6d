"""Parses a unit's text: its cells, their keys and roles; checks the rules for texts."""

from __future__ import annotations

import ast
import re
import string
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NoReturn

import jupytext

MARKER = re.compile(r"^# %%")
KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
BUILDS = re.compile(r"^\*\*You build\*\* (.+)\.$", re.MULTILINE)
TIME = re.compile(r"\*\*Time\*\* (\d+)(?:–(\d+))? min\b")
FOLD = re.compile(r"<details>.*?</details>", re.DOTALL)
WORDS_PER_MINUTE = 200
MAX_CELL_LINES = 40


class TextError(Exception):
    """A text breaks a rule; the message names file and line."""


@dataclass(frozen=True)
class Cell:
    """A cell of a text: its key, its kind, its source, and the line of its marker.

    ``exercise`` names the exercise that an answer cell answers, ``check`` the one that a check cell checks.
    """

    key: str
    kind: str
    source: str
    line: int
    demo: bool = False
    exercise: str | None = None
    check: str | None = None
    points: int | None = None

    @property
    def defines(self) -> bool:
        """Whether the cell contains only definitions: imports, constants, functions, answers."""
        return self.kind == "code" and not self.demo and self.check is None


@dataclass(frozen=True)
class Unit:
    """A unit of the course: its name, the path of its text, and its cells in order."""

    name: str
    path: Path
    cells: tuple[Cell, ...]
    alts: Mapping[str, str]  # the words that stand for a figure, by the figure's name

    @property
    def exercises(self) -> tuple[Cell, ...]:
        """The answer cells, in order."""
        return tuple(cell for cell in self.cells if cell.exercise)

    @property
    def title(self) -> str:
        """The heading of the first cell."""
        return self.cells[0].source.splitlines()[0].removeprefix("# ").strip()

    @property
    def builds(self) -> str:
        """What the reader builds, as the title cell says it."""
        found = BUILDS.search(self.cells[0].source)
        return found[1] if found else ""

    @property
    def points(self) -> int:
        """The sum of the exercises' points."""
        return sum(cell.points or 0 for cell in self.exercises)

    @property
    def words(self) -> int:
        """The number of words of the prose, without folded parts."""
        prose = (FOLD.sub("", cell.source) for cell in self.cells if cell.kind == "markdown")
        return sum(len(text.split()) for text in prose)

    @property
    def minutes(self) -> tuple[int, int]:
        """The least and the most minutes: the exercises' and the time to read the prose, rounded to five."""
        ranges = [found.groups() for cell in self.cells for found in TIME.finditer(cell.source)]
        reading = self.words / WORDS_PER_MINUTE
        least = sum(int(low) for low, _ in ranges) + reading
        most = sum(int(high or low) for low, high in ranges) + reading
        return _to_five(least), _to_five(most)

    @property
    def span(self) -> str:
        """The minutes as the title cell and the README show them."""
        least, most = self.minutes
        return f"{least}–{most}" if least < most else f"about {least}"


def read_unit(path: Path) -> Unit:
    """Return the unit in ``path``, the file text.py in the unit's folder.

    Raises TextError, with file and line, if the text breaks a rule.
    """
    text = path.read_text(encoding="utf-8")
    notebook = jupytext.reads(text, fmt="py:percent")
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if MARKER.match(line)]
    if not lines or len(lines) != len(notebook.cells):
        _fail(path, lines[0] if lines else 1, "text before the first cell marker: begin with `# %% [markdown]`")
    placed = list(zip(notebook.cells, lines, strict=True))
    cells = tuple(_cell(path, cell, line) for cell, line in placed if cell.cell_type != "raw")
    alts = _alts(path, [(cell, line) for cell, line in placed if cell.cell_type == "raw"])
    _check_keys(path, cells)
    _check_exercises(path, cells)
    _check_title(path, cells[0])
    _check_figures(path, cells, alts)
    return _filled(Unit(path.parent.name, path, cells, alts))


def _cell(path: Path, cell: Any, line: int) -> Cell:
    marked = dict(cell.metadata)
    marked.pop("lines_to_next_cell", None)  # jupytext's own note on blank lines
    tags = marked.pop("tags", [])
    exercise, check = marked.pop("exercise", None), marked.pop("check", None)
    points = marked.pop("points", None)
    key = marked.pop("key", None) or exercise or (f"{check}-check" if check else None)
    if marked:
        _fail(path, line, f"unknown attribute {sorted(marked)[0]!r} in the cell marker")
    if set(tags) - {"demo"}:
        _fail(path, line, f"unknown tag {sorted(set(tags) - {'demo'})[0]!r}; the only tag is 'demo'")
    if key is None or not KEY.fullmatch(key):
        _fail(path, line, 'the cell needs a key of lower-case letters, digits and hyphens, as in key="why-sequences"')
    if points is not None and not (isinstance(points, int) and points > 0):
        _fail(path, line, f"points must be a whole number above 0, not {points!r}")
    parsed = Cell(key, cell.cell_type, cell.source, line, "demo" in tags, exercise, check, points)
    _check_cell(path, parsed)
    return parsed


def _alts(path: Path, placed: list[tuple[Any, int]]) -> dict[str, str]:
    """Return the texts of the cells that describe a figure, each as one line, by the figures' names."""
    alts: dict[str, str] = {}
    for cell, line in placed:
        name = cell.metadata.get("alt")
        if not isinstance(name, str) or not KEY.fullmatch(name):
            _fail(path, line, 'a raw cell describes a figure and names it, as in `# %% [raw] alt="hello-scores"`')
        if name in alts:
            _fail(path, line, f"two descriptions of the figure {name}")
        alts[name] = " ".join(cell.source.split())
    return alts


def _check_cell(path: Path, cell: Cell) -> None:
    if cell.kind == "code" and len(cell.source.splitlines()) > MAX_CELL_LINES:
        _fail(path, cell.line, f"the cell {cell.key} has more than {MAX_CELL_LINES} lines")
    if cell.exercise and (cell.source.count(BEGIN), cell.source.count(END)) != (1, 1):
        _fail(path, cell.line, f"the answer to {cell.exercise} needs one `{BEGIN}` and one `{END}`")
    if not cell.exercise and (BEGIN in cell.source or END in cell.source):
        _fail(path, cell.line, "a solution outside an answer cell: give the cell an exercise name and points")
    if cell.exercise and _defined(cell.source) != [cell.exercise]:
        _fail(path, cell.line, f"the answer cell of {cell.exercise} must define that function and nothing else")
    if cell.check and cell.source.strip() != f"check({cell.check})":
        _fail(path, cell.line, f"the check cell of {cell.check} must read `check({cell.check})`")


def _check_keys(path: Path, cells: tuple[Cell, ...]) -> None:
    seen: dict[str, int] = {}
    for cell in cells:
        if cell.key in seen:
            what = "exercises with the name" if cell.exercise else "cells with the key"
            _fail(path, cell.line, f"two {what} {cell.key}; the first is in line {seen[cell.key]}")
        seen[cell.key] = cell.line


def _check_exercises(path: Path, cells: tuple[Cell, ...]) -> None:
    checked = Counter(cell.check for cell in cells if cell.check)
    written = {cell.exercise for cell in cells if cell.exercise}
    for cell in cells:
        if cell.exercise and cell.points is None:
            _fail(path, cell.line, f"the exercise {cell.exercise} has no points")
        if cell.exercise and not checked[cell.exercise]:
            _fail(
                path, cell.line, f"the exercise {cell.exercise} has no check; add a cell with check={cell.exercise!r}"
            )
        if cell.check and cell.check not in written:
            _fail(path, cell.line, f"a check of {cell.check}, but no exercise has that name")


def _check_title(path: Path, title: Cell) -> None:
    if title.kind != "markdown" or not title.source.startswith("# "):
        _fail(path, title.line, "the first cell must be Markdown and start with the unit's title, `# ...`")
    if not BUILDS.search(title.source):
        _fail(path, title.line, "the title cell needs a line that begins with **You build** and ends with a full stop")


def _check_figures(path: Path, cells: tuple[Cell, ...], alts: Mapping[str, str]) -> None:
    """Every figure that is shown by name has its description, every description its figure, every brace its value."""
    shown: set[str] = set()
    for cell in cells:
        for name, values in _shown(cell):
            shown.add(name)
            if name not in alts:
                _fail(path, cell.line, f'the figure {name} has no description: add a cell `# %% [raw] alt="{name}"`')
            fields = {field for _, field, _, _ in string.Formatter().parse(alts[name]) if field}
            if fields != values:
                wanted = ", ".join(sorted(fields)) or "no values"
                _fail(path, cell.line, f"the description of {name} needs {wanted}, show gives {sorted(values)}")
    for name in sorted(set(alts) - shown):
        _fail(path, 1, f"the description {name} belongs to no figure: no cell calls plots.show(…, {name!r})")


def _shown(cell: Cell) -> Iterator[tuple[str, set[str]]]:
    """Yield the name of each figure that ``cell`` shows by name, and the names of the values it gives with it."""
    if cell.kind != "code" or "plots.show" not in cell.source:
        return
    for node in ast.walk(ast.parse(cell.source)):
        if not isinstance(node, ast.Call) or ast.unparse(node.func) != "plots.show" or len(node.args) < 2:
            continue
        name = node.args[1]
        if isinstance(name, ast.Constant) and isinstance(name.value, str):
            yield name.value, {str(keyword.arg) for keyword in node.keywords}


def _filled(unit: Unit) -> Unit:
    """Return ``unit`` with {minutes} and {points} in its title cell replaced by what its exercises add up to."""
    count = len(unit.exercises)
    points = f"{unit.points}, in {count} exercise{'s' * (count != 1)}" if count else "none"
    title = unit.cells[0]
    source = title.source.replace("{minutes}", unit.span).replace("{points}", points)
    return replace(unit, cells=(replace(title, source=source), *unit.cells[1:]))


def _to_five(minutes: float) -> int:
    return 5 * max(1, round(minutes / 5))


def _defined(source: str) -> list[str]:
    try:
        body = ast.parse(source).body
    except SyntaxError:
        return []
    return [getattr(node, "name", type(node).__name__) for node in body]


def _fail(path: Path, line: int, message: str) -> NoReturn:
    raise TextError(f"{path.parent.name}/{path.name}:{line}: {message}.")
