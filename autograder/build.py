"""Build what is derived from the units' texts: notebooks, public answers, the students' zip."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

import solutions
from autograder.files import write_whole
from autograder.judging.exam_builder import public_exam, recorded_calls
from autograder.nbgrader.course_folder import release
from autograder.nbgrader.guard import PYTHON
from autograder.paths import ANSWERS, DIST, ROOT, instructor_path, student_path
from rnnlab.checking import public_answers
from rnnlab.course import DESCRIPTIONS, FILE
from rnnlab.specs import SPECS, UNITS
from solutions.mistakes import mistakes
from solutions.text import Cell, TextError, Unit

ZIP = DIST / "rnn-course.zip"

# Zip files store no date before 1980; a fixed date makes the same bytes every time.
EPOCH = (1980, 1, 1, 0, 0, 0)

KERNEL = {"kernelspec": PYTHON}

README = ROOT / "README.md"
TABLE_BEGINS, TABLE_ENDS = "<!-- The table of units is made by the build. -->", "<!-- End of the table. -->"
SUMMARIES = ANSWERS / FILE
FIGURES = ANSWERS / DESCRIPTIONS

STUDENT_README = Path(__file__).parent / "student_readme.md"


def build() -> list[Path]:
    """Build all units and the students' zip; return the paths that were written.

    Raises TextError for a text that breaks a rule; then nothing was written.
    """
    units = [solutions.unit(name) for name in solutions.units()]
    texts = [text for unit in units for text in _texts(unit)]
    texts += [(SUMMARIES, summaries(units)), (FIGURES, descriptions(units)), (README, readme(units))]
    return [*(_write(path, text) for path, text in texts), write_zip()]


def write_instructor(unit: Unit) -> Path:
    """Write the instructor's notebook of ``unit``, with its answers; return its path."""
    return _write(instructor_path(unit.name), _text(instructor_notebook(unit)))


def student_notebook(unit: Unit) -> str:
    """Return the text of the student's notebook, made by nbgrader's own generate_assignment."""
    with tempfile.TemporaryDirectory() as scratch:
        nb = nbformat.read(release(Path(scratch), unit.name, _text(instructor_notebook(unit))), as_version=4)
    return _text(nb)


def answers_text(unit: Unit) -> str:
    """Return the public answers of the unit as JSON: expected results, and what each known mistake computes."""
    reference, known = solutions.reference(unit.name), mistakes(unit.name)
    exams, recorded = {}, {}
    for cell in unit.exercises:
        spec = SPECS[str(cell.exercise)]
        its_mistakes = [mistake for mistake in known if mistake.exercise == spec.name]
        exams[spec.name] = public_exam(spec, int(cell.points or 0), reference, its_mistakes)
        recorded[spec.name] = recorded_calls(spec, exams[spec.name], reference)
    return public_answers.dump(unit.name, exams, recorded)


def summaries(units: Sequence[Unit]) -> str:
    """Return what the course map in unit 00 shows of each unit, as JSON."""
    shown = [{"title": u.title, "builds": u.builds, "points": u.points, "minutes": u.minutes} for u in units]
    return json.dumps(shown, indent=1, ensure_ascii=False) + "\n"


def descriptions(units: Sequence[Unit]) -> str:
    """Return the descriptions of all figures by their names, as JSON; raises TextError if two share a name."""
    found: dict[str, str] = {}
    for unit in units:
        for name in unit.alts:
            if name in found:
                raise TextError(f"{unit.name}/{unit.path.name}:1: another unit has a figure called {name}, too.")
        found |= unit.alts
    return json.dumps(found, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def readme(units: Sequence[Unit]) -> str:
    """Return the text of README.md with the table of units updated."""
    rows = ["| unit | what you build | points | minutes |", "|---|---|---|---|"]
    for unit in units:
        path = student_path(unit.name).relative_to(ROOT)
        rows.append(f"| [{unit.title}]({path}) | {unit.builds} | {unit.points or '–'} | {unit.span} |")
    before, _, rest = README.read_text(encoding="utf-8").partition(TABLE_BEGINS)
    _, _, after = rest.partition(TABLE_ENDS)
    return "\n".join([f"{before}{TABLE_BEGINS}", *rows, f"{TABLE_ENDS}{after}"])


def write_zip() -> Path:
    """Write the students' zip: notebooks, the wheel of ``rnnlab``, requirements, README, glossary; return its path."""
    DIST.mkdir(parents=True, exist_ok=True)
    wheel = _wheel()
    with zipfile.ZipFile(ZIP, "w", zipfile.ZIP_DEFLATED) as bundle:
        _add(bundle, "README.md", STUDENT_README.read_text(encoding="utf-8").format(wheel=wheel.name).encode())
        _add(bundle, "requirements.txt", _requirements(wheel.name).encode())
        for name in ("environment.yml", "GLOSSARY.md"):
            _add(bundle, name, (ROOT / name).read_bytes())
        _add(bundle, wheel.name, wheel.read_bytes())
        for name in solutions.units():
            _add(bundle, f"notebooks/{name}.ipynb", student_path(name).read_bytes())
    return ZIP


def instructor_notebook(unit: Unit) -> NotebookNode:
    """Return the notebook of ``unit`` with its answers and nbgrader's metadata."""
    points = {cell.exercise: cell.points for cell in unit.exercises}
    return new_notebook(cells=[_notebook_cell(cell, points) for cell in unit.cells], metadata=KERNEL)


def _texts(unit: Unit) -> Iterator[tuple[Path, str]]:
    """Yield the path and content of each file that is built from ``unit``; raises TextError."""
    _check_specs(unit)
    yield instructor_path(unit.name), _text(instructor_notebook(unit))
    yield student_path(unit.name), student_notebook(unit)
    if unit.exercises:
        yield ANSWERS / f"{unit.name}.json", answers_text(unit)


def _notebook_cell(cell: Cell, points: Mapping[str | None, int | None]) -> NotebookNode:
    if cell.kind == "markdown":
        return new_markdown_cell(cell.source, id=cell.key)
    metadata: dict[str, object] = {}
    if cell.demo:
        metadata["tags"] = ["demo"]
    if cell.exercise:
        metadata["nbgrader"] = _nbgrader(cell.key, grade=False)
    if cell.check:
        metadata["nbgrader"] = _nbgrader(cell.key, grade=True) | {"points": points[cell.check]}
    return new_code_cell(cell.source, id=cell.key, metadata=metadata)


def _nbgrader(key: str, *, grade: bool) -> dict[str, object]:
    """Return nbgrader's metadata (schema 3): of a check cell, locked and graded, with ``grade``, else of an answer."""
    return {
        "grade": grade,
        "grade_id": key,
        "locked": grade,
        "schema_version": 3,
        "solution": not grade,
        "task": False,
    }


def _check_specs(unit: Unit) -> None:
    """Raise TextError unless the text's exercises are those of the unit's specs, in the same order."""
    written = [cell.exercise for cell in unit.exercises]
    specified = [spec.name for spec in UNITS[unit.name]]
    if written != specified:
        raise TextError(
            f"{unit.name}/{unit.path.name}:1: the exercises are {', '.join(map(str, written))}; "
            f"rnnlab/specs/{unit.name}.py has specs for {', '.join(specified)}."
        )


def _requirements(wheel: str) -> str:
    """Return the content of requirements.txt: the versions that environment.yml pins, and the wheel."""
    pins = re.findall(r"^ *- ([\w-]+==[\w.]+)$", (ROOT / "environment.yml").read_text(encoding="utf-8"), re.MULTILINE)
    return "\n".join([*pins, f"./{wheel}"]) + "\n"


def _wheel() -> Path:
    """Build the wheel of ``rnnlab``; with SOURCE_DATE_EPOCH hatchling makes the same bytes every time."""
    for old in DIST.glob("*.whl"):
        old.unlink()
    environment = {**os.environ, "SOURCE_DATE_EPOCH": "315532800"}
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(DIST)]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True)
    return next(DIST.glob("*.whl"))


def _add(bundle: zipfile.ZipFile, name: str, content: bytes) -> None:
    entry = zipfile.ZipInfo(name, EPOCH)
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    bundle.writestr(entry, content)


def _text(nb: NotebookNode) -> str:
    nbformat.validate(nb)
    return json.dumps(nb, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def _write(path: Path, text: str) -> Path:
    # A grader or a test that reads it meanwhile gets the old text or the new one.
    write_whole(path, text)
    return path
