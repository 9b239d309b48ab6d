"""``python -m tests.solutions.naming [word ...]`` prints how often the judge names the mistake in a wrong answer.

The answers in wrong_answers/ were written without sight of the known mistakes, in the styles of real students.
Each is judged as in a notebook whose other answers are right; a word keeps those whose name contains it.
"""

from __future__ import annotations

import linecache
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import jupytext
from rich.console import Console
from rich.table import Table

import solutions
from autograder.judging.exam_builder import fresh_exam
from rnnlab.checking.marking import Marks, mark
from rnnlab.checks import LocalFunction
from rnnlab.specs import SPECS
from solutions.mistakes import mistakes

FOLDER = Path(__file__).parent / "wrong_answers"
RIGHT = "right"

Naming = Literal["right", "false", "none"]


@dataclass(frozen=True)
class Answer:
    """An answer to an exercise: the kind of mistake in it, what is wrong in words, and which names fit.

    ``kind`` is "right" for an answer in an odd style that deserves all points and no name.
    """

    unit: str
    key: str
    exercise: str
    kind: str
    says: str
    names: tuple[str, ...]
    source: str

    @property
    def name(self) -> str:
        """Unit, exercise and key, as in u01/softmax/no-maximum."""
        return f"{self.unit[:3]}/{self.exercise}/{self.key}"

    @property
    def is_right(self) -> bool:
        """Whether the answer deserves all points."""
        return self.kind == RIGHT


@dataclass(frozen=True)
class Result:
    """What the judge made of an answer: its marks, and the known mistakes that they name, one, two or none."""

    answer: Answer
    marks: Marks
    named: tuple[str, ...]

    @property
    def naming(self) -> Naming:
        """Whether all names given are right, one is false, or none was given."""
        if not self.named:
            return "none"
        return "right" if set(self.named) <= set(self.answer.names) else "false"

    @property
    def accepted(self) -> bool:
        """Whether the answer got all points."""
        return self.marks.points == self.marks.max_points


def answers() -> list[Answer]:
    """Return all answers, unit by unit in the order of their files."""
    return [_answer(path.stem, cell) for path in sorted(FOLDER.glob("u*.py")) for cell in jupytext.read(path).cells]


def judged(answer: Answer, seed: int = 0) -> Result:
    """Return what the judge makes of ``answer`` on the exam drawn from ``seed``."""
    reference, points, known = _unit(answer.unit)
    mine = [mistake for mistake in known if mistake.exercise == answer.exercise]
    exam = fresh_exam(SPECS[answer.exercise], points[answer.exercise], reference, mine, seed)
    marks = mark(SPECS[answer.exercise], exam, LocalFunction(_function(answer, reference)))
    # Where two mistakes explain an answer, only the hint has both.
    named = [m.name for m in mine if m.name == marks.mistake or (marks.hint and m.hint in marks.hint)]
    return Result(answer, marks, tuple(named))


def rate(results: Sequence[Result]) -> float:
    """Return the share of the wrong answers that are named, and named rightly."""
    wrong = [result.naming for result in results if not result.answer.is_right]
    return wrong.count("right") / len(wrong)


def show(results: Sequence[Result]) -> None:
    """Print a line for each answer, and the rate."""
    console = Console() if Console().is_terminal else Console(width=180)
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("answer", "kind", "points", "name given", "naming"):
        table.add_column(heading, justify="right" if heading == "points" else "left")
    for result in results:
        answer, marks = result.answer, result.marks
        points = f"{marks.points} of {marks.max_points}"
        style = {"right": None, "false": "red", "none": "dim"}[result.naming]
        table.add_row(answer.name, answer.kind, points, " and ".join(result.named), result.naming, style=style)
    console.print(table)
    wrong = [result for result in results if not result.answer.is_right]
    if wrong:
        named = [result.naming for result in results]
        console.print(
            f"{len(wrong)} wrong answers: {named.count('right')} named, {rate(results):.0%}; "
            f"{named.count('false')} named falsely; {sum(result.accepted for result in wrong)} accepted"
        )


def main(words: list[str]) -> int:
    """Print the table of the answers whose name contains one of ``words``, or else of all; return 0."""
    chosen = [answer for answer in answers() if not words or any(word in answer.name for word in words)]
    show([judged(answer) for answer in chosen])
    return 0


def _answer(unit: str, cell: Any) -> Answer:
    marker = cell.metadata
    comment, _, source = cell.source.partition("\n")
    return Answer(
        unit,
        marker["key"],
        marker["exercise"],
        marker["kind"],
        comment.removeprefix("# "),
        tuple(marker.get("names", ())),
        source.lstrip("\n") + "\n",
    )


def _function(answer: Answer, reference: ModuleType) -> Any:
    """Return the answer's function, defined in a notebook whose other answers are the reference's."""
    filename = f"<{answer.name}>"
    # The judge's messages quote the line that raised.
    linecache.cache[filename] = (len(answer.source), None, answer.source.splitlines(keepends=True), filename)
    namespace = dict(vars(reference))
    exec(compile(answer.source, filename, "exec"), namespace)
    return namespace[answer.exercise]


@cache
def _unit(name: str) -> tuple[ModuleType, dict[str, int], list[Any]]:
    points = {str(cell.exercise): int(cell.points or 0) for cell in solutions.unit(name).exercises}
    return solutions.reference(name), points, list(mistakes(name))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
