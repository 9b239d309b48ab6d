"""The feedback page of one graded notebook: nothing in it runs, and nothing from the student can pass for a verdict.

The template escapes every text; no HTML is taken from a notebook, not even a verdict's.
"""

from __future__ import annotations

import base64
import binascii
import copy
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup
from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer
from traitlets import Unicode

from autograder.grades import final_points, number
from autograder.notebook.released import released
from autograder.results import STATUS_LABELS, Scores
from autograder.untrusted_text import page_source, page_text
from rnnlab.checking.marking import Row
from rnnlab.table import RESULT_LABELS

TEMPLATES = Path(__file__).parent / "templates"

# Characters of code, and of a line of it: pygments is slow on some texts.
MAX_HIGHLIGHTED_LENGTH, MAX_HIGHLIGHTED_LINE_LENGTH = 5_000, 500
MAX_OUTPUTS = 20  # of one cell
MAX_OTHER_CELLS = 30  # besides the answers
MAX_PIXELS = 50_000_000  # of all pictures together: 200 MB when decoded; a figure has one million
MAX_PICTURE_SIDE = 4000  # pixels; browsers decode all of them, however small the file

PNG = b"\x89PNG\r\n\x1a\n"


class FeedbackExporter(Exporter):
    """What `nbgrader generate_feedback` calls; the gradebook's grades are in the metadata by then (GetGrades)."""

    file_extension = Unicode(".html").tag(config=True)
    output_mimetype = "text/html"

    def from_notebook_node(  # type: ignore[override]  # as in nbconvert's own exporters of text
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **kwargs: Any
    ) -> tuple[str, dict[str, Any]]:
        """Return the page and what nbconvert's writer needs to know; raises ValueError as `page` does."""
        with_grades, resources = super().from_notebook_node(nb, resources, **kwargs)
        where = resources["nbgrader"]
        return page(where["assignment"], with_grades, penalty=where["late_penalty"]), resources


@dataclass(frozen=True)
class Shown:
    """An output of a cell: ``text``, or a ``picture``, a PNG file in base64, with its number of ``pixels``."""

    text: str = ""
    picture: str = ""
    pixels: int = 0


@dataclass(frozen=True)
class Part:
    """A cell of the student: its heading on the page, its text, and its outputs."""

    name: str
    kind: Literal["code", "markdown"]
    text: Markup
    outputs: tuple[Shown, ...]


@dataclass(frozen=True)
class Exercise:
    """One exercise: what the gradebook says of it, the verdict, and the student's answer.

    ``judged`` are the verdict's points, from which the gradebook's differ where an instructor set them.
    """

    name: str
    points: float
    max_points: float
    judged: float
    result: str
    rows: tuple[Row, ...]
    hint: str
    comment: str
    answer: Part

    @property
    def spotless(self) -> bool:
        """Whether every check passed without a remark, so that the table need not be read."""
        return all(row.result == "passed" for row in self.rows)

    @property
    def not_run(self) -> list[str]:
        """The titles of the checks that were not run after one that cost all points."""
        return [row.title for row in self.rows if row.result == "not run"]


def feedback(unit: str, nb: NotebookNode, scores: Scores) -> str:
    """Return the feedback page of an executed notebook with verdicts that has these scores."""
    return page(unit, _with_scores(nb, scores), penalty=scores.penalty)


def page(unit: str, nb: NotebookNode, *, penalty: float = 0.0) -> str:
    """Return the feedback page of a submission to ``unit`` as one HTML file that needs no other.

    ``nb`` is executed and holds the verdicts (`with_verdicts`); the metadata of its graded cells hold ``score`` and
    ``points``, those of its answers may hold a ``comment``, all as nbgrader's GetGrades writes them.
    ``penalty`` is the number of points that lateness cost.
    Raises ValueError if a graded cell holds no verdict.
    """
    cells = {cell.id: cell for cell in nb.cells}
    exercises = [_exercise(cells, cell) for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    release = released(unit)
    others = list(_others(nb, release))
    shown = iter(_with_bounded_pictures([*(exercise.answer for exercise in exercises), *others[:MAX_OTHER_CELLS]]))
    exercises = [replace(exercise, answer=next(shown)) for exercise in exercises]
    style = (TEMPLATES / "feedback.css").read_text(encoding="utf-8")
    return _template().render(
        title=release.cells[0].source.partition("\n")[0].removeprefix("# "),
        exercises=exercises,
        points=final_points(sum(exercise.points for exercise in exercises), penalty),
        max_points=sum(exercise.max_points for exercise in exercises),
        penalty=penalty,
        others=list(shown),
        left_out=len(others[MAX_OTHER_CELLS:]),
        style=Markup(style),
        style_digest=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
    )


@cache
def _template() -> Any:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["words"] = RESULT_LABELS
    environment.filters["number"] = number
    return environment.get_template("feedback.html.j2")


def _with_scores(nb: NotebookNode, scores: Scores) -> NotebookNode:
    """Return a copy of ``nb`` with the scores in its cells' metadata, as nbgrader's GetGrades writes them."""
    nb = copy.deepcopy(nb)
    for cell in nb.cells:
        if cell.id in scores.points:
            cell.metadata.nbgrader.score = scores.points[cell.id] or 0.0
        if cell.id in scores.comments:
            cell.metadata.nbgrader.comment = scores.comments[cell.id]
    return nb


def _exercise(cells: dict[str, NotebookNode], check: NotebookNode) -> Exercise:
    name = check.id.removesuffix("-check")
    verdict = check.outputs[0].metadata.get("verdict") if check.outputs else None
    if verdict is None:
        raise ValueError(f"The cell {check.id} holds no verdict; grade the submission, then make its feedback.")
    marks = verdict["marks"]
    rows = tuple(_row(Row(**row)) for row in marks["rows"])
    answer, grade = cells[name], check.metadata.nbgrader
    return Exercise(
        name=name,
        points=grade.score,
        max_points=grade.points,
        judged=marks["points"],
        result=STATUS_LABELS[verdict["status"]],
        rows=rows,
        hint=marks["hint"],
        comment=page_text(answer.metadata.nbgrader.get("comment") or ""),
        answer=_part("Your answer", answer),
    )


def _row(row: Row) -> Row:
    """Return the row with harmless text where it may quote the student."""
    return replace(row, seen=page_text(row.seen), expected=page_text(row.expected), help=page_text(row.help))


def _others(nb: NotebookNode, release: NotebookNode) -> Iterator[Part]:
    """Yield the cells that the student added, and those of the course that the student changed or that have outputs."""
    course = {cell.id: cell for cell in release.cells}
    for position, cell in enumerate(nb.cells, start=1):
        if "nbgrader" in cell.metadata:
            continue
        model = course.get(cell.id)
        if model is None:
            yield _part(f"Cell {position}, which you added", cell)
        elif model.source != cell.source:
            yield _part(f"Cell {position}, which you changed", cell)
        elif cell.get("outputs"):
            yield _part(f"Cell {position}, unchanged", cell)


def _part(name: str, cell: NotebookNode) -> Part:
    source = page_source(cell.source)
    kind: Literal["code", "markdown"] = "code" if cell.cell_type == "code" else "markdown"
    text = _coloured(source) if kind == "code" else Markup.escape(source)
    outputs = [_shown(output) for output in cell.get("outputs", [])[:MAX_OUTPUTS]]
    if left := len(cell.get("outputs", [])) - len(outputs):
        outputs.append(Shown(f"[{left} more outputs are not shown here.]"))
    return Part(name, kind, text, tuple(outputs))


def _with_bounded_pictures(parts: list[Part]) -> list[Part]:
    """Return the parts of a page with as many pictures as a browser can decode."""
    left = MAX_PIXELS
    bounded = []
    for part in parts:
        outputs = []
        for output in part.outputs:
            left -= output.pixels
            outputs.append(
                output
                if left >= 0 or not output.pixels
                else Shown("[A picture is not shown here: there are too many.]")
            )
        bounded.append(replace(part, outputs=tuple(outputs)))
    return bounded


def _shown(output: NotebookNode) -> Shown:
    match output:
        case {"output_type": "stream"}:
            return Shown(page_text(output.text))
        case {"output_type": "error"}:
            return Shown(page_text("\n".join(output.traceback) or f"{output.ename}: {output.evalue}"))
        case {"data": {"image/png": str(data)}}:
            return _picture(data)
        case {"data": {"text/plain": str(text)}}:
            return Shown(page_text(text))
    return Shown("[An output that cannot be shown here.]")


def _picture(data: str) -> Shown:
    """Return the picture if it is a PNG file of acceptable size, else why it is not shown."""
    try:
        raw = base64.b64decode("".join(data.split()), validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if not raw.startswith(PNG) or raw[12:16] != b"IHDR":
        return Shown("[A picture that is not a PNG file is not shown.]")
    width, height = int.from_bytes(raw[16:20], "big"), int.from_bytes(raw[20:24], "big")
    if max(width, height) > MAX_PICTURE_SIDE:
        return Shown(f"[A picture of {width} × {height} pixels is not shown.]")
    return Shown(picture=base64.b64encode(raw).decode(), pixels=width * height)


@cache
def _python() -> tuple[PythonLexer, HtmlFormatter[str]]:
    return PythonLexer(stripnl=False), HtmlFormatter(nowrap=True)


def _coloured(code: str) -> Markup:
    """Return code as HTML with syntax highlighting; pygments escapes all of it.

    Code that is too long for pygments is only escaped.
    """
    lines = [line.rstrip() for line in code.split("\n")]
    if len(code) > MAX_HIGHLIGHTED_LENGTH or max(map(len, lines)) > MAX_HIGHLIGHTED_LINE_LENGTH:
        return Markup.escape(code)
    return Markup(highlight("\n".join(lines), *_python()).rstrip("\n"))
