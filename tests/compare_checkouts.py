"""``python -m tests.compare_checkouts OTHER`` has two checkouts grade the same class, and compares what comes out.

OTHER is another checkout of the project, built, with a ``.venv`` of its own: usually the state before a change that
must change no verdict. The class comes from this checkout: the references, all known mistakes, right answers in other
styles, wrong answers written without sight of the mistakes, attacks and damage. Each checkout grades a copy of it with
its own command; nothing is imported from OTHER.
"""

from __future__ import annotations

import argparse
import csv
import io
import itertools
import json
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NamedTuple

from rich.console import Console
from rich.table import Table

from rnnlab.specs import UNITS
from tests.whole_class import depends_on_chance, make_class

HERE = Path(__file__).parents[1]
FOLDERS = ("autograded", "feedback", "verdicts")  # what grading writes about each submission
# What differs from run to run, or with every change of the sources.
CHANGING = [
    (re.compile(r'("seconds": )[-+.e\d]+'), r"\1 0"),
    (re.compile(r'("version": )"\w*"'), r'\1""'),
    (re.compile(r'("verdict": )"[0-9a-f]{64}"'), r'\1""'),
]
SCORES = """
select submitted_assignment.student_id, base_cell.name, auto_score, manual_score, extra_credit, needs_manual_grade
from grade join base_cell on base_cell.id = grade.cell_id
join submitted_notebook on submitted_notebook.id = grade.notebook_id
join submitted_assignment on submitted_assignment.id = submitted_notebook.assignment_id
"""
COMMENTS = SCORES.replace("grade", "comment").replace(
    "auto_score, manual_score, extra_credit, needs_manual_comment", "auto_comment, manual_comment"
)


Kind = Literal["grade", "chance", "text"]


class Verdict(NamedTuple):
    """What is in a verdict file of an exercise, but for words."""

    points: float
    max_points: float
    status: str
    mistake: str | None


@dataclass(frozen=True)
class Results:
    """What grading a class gave.

    ``grades`` maps a student and what was graded to points, status and the like, ``texts`` maps a student and a file to
    what the file says.
    """

    grades: Mapping[tuple[str, str], tuple[Any, ...]]
    texts: Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class Difference:
    """Where two checkouts differ: in a ``grade``, in a status that depends on ``chance``, or only in a ``text``."""

    kind: Kind
    student: str
    where: str
    this: str
    other: str


def grade(checkout: Path, course: Path, unit: str) -> str:
    """Have ``checkout`` grade the class in ``course`` with its own command; return the exit code and what it printed.

    Raises SystemExit, with what the command printed, if it graded nothing.
    """
    foreign = ("PYTHONPATH", "VIRTUAL_ENV")
    environment = {name: value for name, value in os.environ.items() if name not in foreign} | {"COLUMNS": "400"}
    start = time.monotonic()
    command = [str(checkout / ".venv/bin/autograder"), "grade", unit, "--course", str(course)]
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True)
    if not grades_file(course, unit).exists():
        raise SystemExit(f"{checkout} graded nothing of {unit} (exit code {done.returncode}): {done.stderr}")
    print(f"{unit}: {time.monotonic() - start:.0f} s in {checkout}", flush=True)
    return f"exit code {done.returncode}\n{done.stdout}".replace(str(course), "COURSE")


def grades_file(course: Path, unit: str) -> Path:
    """Return the file for spreadsheets; checkouts before grades/ wrote one of another name."""
    now, earlier = course / "grades" / f"{unit}.csv", course / "grades.csv"
    return earlier if earlier.exists() else now


def results(course: Path, unit: str, printed: str, renames: Mapping[str, str]) -> Results:
    """Return what grading ``unit`` left in ``course`` and what was ``printed``, the words of ``renames`` replaced."""

    def read(path: Path) -> str:
        return normalised(path.read_text(encoding="utf-8", errors="replace"), renames)

    paths = [path for folder in FOLDERS for path in (course / folder).rglob("*") if path.is_file()]
    texts = {located(path.relative_to(course)): read(path) for path in paths}
    grades: dict[tuple[str, str], tuple[Any, ...]] = {}
    for (student, file), text in texts.items():
        if file.startswith("verdicts"):
            for record in json.loads(text)["verdicts"]:
                grades[student, record["exercise"]] = Verdict(*(record[name] for name in Verdict._fields))
    for row in csv.DictReader(io.StringIO(read(grades_file(course, unit)))):
        student, points = row.get("id") or row["student"], row.get("final") or row.get("points", "")
        grades[student, "grades.csv"] = row["state"].replace("_", " "), points
        texts[student, "grades.csv"] = "\n".join(f"{name}: {value}" for name, value in row.items())
    with closing(sqlite3.connect(course / "gradebook.db")) as gradebook:
        for student, cell, *scores in gradebook.execute(SCORES):
            grades[student, f"{cell} in the gradebook"] = tuple(scores)
        for student, cell, *comments in gradebook.execute(COMMENTS):
            texts[student, f"comments on {cell}"] = normalised(json.dumps(comments), renames)
    texts["the class", "printed"] = normalised(printed, renames)
    return Results(grades, texts)


def located(path: Path) -> tuple[str, str]:
    """Return the student and the file of ``path``: verdicts/unit/student.json, or folder/student/unit/file."""
    folder, *between, name = path.parts
    if len(between) > 1:
        return between[0], "/".join([folder, *between[1:], name])
    return path.stem, folder


def normalised(text: str, renames: Mapping[str, str]) -> str:
    """Return ``text`` without seconds, versions and digests of verdicts, and with whole words renamed."""
    for pattern, replacement in CHANGING:
        text = pattern.sub(replacement, text)
    for old, new in renames.items():
        text = re.sub(rf"(?<!\w){re.escape(old)}(?!\w)", new.replace("\\", r"\\"), text)
    return text


def compare(this: Results, other: Results, chance: Container[tuple[str, str]] = ()) -> list[Difference]:
    """Return the differences; of what is in ``chance``, only the points must be the same."""
    found = []
    for key in sorted(this.grades.keys() | other.grades.keys()):
        one, two = this.grades.get(key, ()), other.grades.get(key, ())
        if one != two:
            by_chance = key in chance and one[:2] == two[:2]
            found.append(Difference("chance" if by_chance else "grade", *key, str(one), str(two)))
    for key in sorted(this.texts.keys() | other.texts.keys()):
        one_text, two_text = this.texts.get(key, ""), other.texts.get(key, "")
        if one_text != two_text:
            found.append(Difference("text", *key, *first_difference(one_text, two_text)))
    return found


def first_difference(this: str, other: str, width: int = 100) -> tuple[str, str]:
    """Return the first line that differs, from both sides: its number, and what stands around the difference."""
    pairs = itertools.zip_longest(this.splitlines(), other.splitlines(), fillvalue="")
    number, one, two = next((n, a, b) for n, (a, b) in enumerate(pairs, 1) if a != b)
    at = next((at for at, (a, b) in enumerate(zip(one, two, strict=False)) if a != b), min(len(one), len(two)))
    start = max(0, at - width // 3)
    return f"line {number}: {one[start : start + width]}", f"line {number}: {two[start : start + width]}"


# -- what is printed ---------------------------------------------------------------------------------------------------


def main() -> int:
    """Print the table and the differences; return 1 if a grade differs, else 0."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("other", type=Path, help="the other checkout")
    parser.add_argument(
        "--rename", metavar="OLD=NEW", action="append", default=[], help="a word that OTHER still has as OLD"
    )
    parser.add_argument("--unit", choices=UNITS, action="append", help="only this unit; may be given several times")
    parser.add_argument("--all", action="store_true", help="also the attacks that run into a limit of time")
    parser.add_argument("--limit", type=int, default=20, help="how many differences to list of each kind in each unit")
    options = parser.parse_args()
    renames = dict(rename.split("=", 1) for rename in options.rename)
    table = Table(box=None, header_style="bold", pad_edge=False)
    for heading in ("unit", "family", "submissions", "verdicts", "points", "same", "grades", "by chance", "texts"):
        table.add_column(heading, justify="left" if heading in {"unit", "family"} else "right")
    total: Counter[Kind] = Counter()
    only_words = 0
    for unit in options.unit or [unit for unit, specs in UNITS.items() if specs]:
        with tempfile.TemporaryDirectory(prefix="compare-") as place:
            here, there = Path(place) / "here", Path(place) / "there"
            families, left_out = make_class(here, unit, everything=options.all)
            (here / "secret").write_text("the same seeds for both")
            subprocess.run(["cp", "-a", here, there], check=True)
            this = results(here, unit, grade(HERE, here, unit), {})
            other = results(there, unit, grade(options.other.resolve(), there, unit), renames)
        found = compare(this, other, depends_on_chance())
        print(f"{unit}: {len(left_out)} attacks that run into a limit of time were left out")
        show(found, options.limit)
        for family in dict.fromkeys(families.values()):
            table.add_row(unit, family, *counted([s for s in families if families[s] == family], this, found))
        total.update(difference.kind for difference in found)
        unlike = {difference.student for difference in found if difference.kind == "grade"}
        only_words += sum(difference.kind == "text" and difference.student not in unlike for difference in found)
    (Console() if Console().is_terminal else Console(width=200)).print(table)
    print(f"{total['grade']} differences in points, status or mistake")
    print(f"{total['chance']} in the status of an attack that may end in one way or another")
    print(f"{total['text']} in texts, {only_words} of them of submissions whose grades are the same")
    return int(total["grade"] > 0)


def show(found: Sequence[Difference], limit: int) -> None:
    """Print the first differences of each kind."""
    for kind in ("grade", "chance", "text"):
        for d in [difference for difference in found if difference.kind == kind][:limit]:
            # Attacks and the names of students hold what no terminal should get.
            print(f"{kind}: {d.student!a}, {d.where}\n  here  {d.this!a}\n  there {d.other!a}")


def counted(students: Sequence[str], this: Results, found: Sequence[Difference]) -> Iterator[str]:
    """Yield the numbers of a family's line of the table."""
    verdicts = [v for (student, _), v in this.grades.items() if student in students and isinstance(v, Verdict)]
    differ = Counter(difference.kind for difference in found if difference.student in students)
    same = set(students) - {difference.student for difference in found}
    points = sum(verdict.points for verdict in verdicts)
    numbers = (len(students), len(verdicts), points, len(same), differ["grade"], differ["chance"], differ["text"])
    yield from map(str, numbers)


if __name__ == "__main__":
    sys.exit(main())
