"""What the build makes: the same bytes every time, what is committed, and nothing that gives an answer away."""

import json
import re
import zipfile

import nbformat
import pytest

import solutions
from autograder import build
from autograder.paths import ANSWERS, instructor_path, student_path
from rnnlab.specs import UNITS
from solutions.text import BEGIN, END, TextError

# They build in the checkout itself, where others read.
pytestmark = [pytest.mark.slow, pytest.mark.alone]

GRADED = [name for name, specs in UNITS.items() if specs]


@pytest.fixture(scope="module")
def students_zip():
    for name in UNITS:
        build.write_instructor(solutions.unit(name))
    return build.write_zip()


@pytest.mark.parametrize("name", UNITS)
def test_the_committed_notebook_is_what_the_text_builds(name):
    build.write_instructor(solutions.unit(name))

    assert student_path(name).read_text() == build.student_notebook(solutions.unit(name))


@pytest.mark.parametrize("name", GRADED)
def test_the_committed_answers_are_what_the_text_builds(name):
    assert (ANSWERS / f"{name}.json").read_text() == build.answers_text(solutions.unit(name))


@pytest.mark.parametrize("name", [name for name in UNITS if name not in GRADED])
def test_a_unit_without_exercises_has_no_file_of_answers(name):
    assert not (ANSWERS / f"{name}.json").exists()


def test_building_the_zip_twice_gives_the_same_bytes(students_zip):
    first = students_zip.read_bytes()

    assert build.write_zip().read_bytes() == first


def test_the_zip_holds_what_a_student_needs_and_nothing_else(students_zip):
    names = zipfile.ZipFile(students_zip).namelist()

    expected = [f"notebooks/{name}.ipynb" for name in UNITS]
    expected += ["GLOSSARY.md", "README.md", "environment.yml", "requirements.txt", "rnnlab-0.1.0-py3-none-any.whl"]
    assert sorted(names) == sorted(expected)


def test_what_students_are_told_to_install_is_in_the_zip_and_needs_no_unix_shell(students_zip):
    bundle = zipfile.ZipFile(students_zip)
    readme, requirements = (bundle.read(name).decode() for name in ("README.md", "requirements.txt"))

    wheels = set(re.findall(r"\./(rnnlab-\S+?\.whl)", readme + requirements))
    assert wheels == {name for name in bundle.namelist() if name.endswith(".whl")}
    assert "*" not in readme
    assert "source " not in readme
    assert "torch==" in requirements


@pytest.mark.parametrize("name", GRADED)
def test_nothing_that_students_get_holds_a_line_of_an_answer(students_zip, name):
    given = "\n".join(texts_in(students_zip))

    assert [line for line in answer_lines(name) if line in given] == []


@pytest.mark.parametrize("name", GRADED)
def test_answer_lines_are_found_in_the_instructors_notebook(name):
    """The leak test above would pass for ever if it looked for nothing."""
    path = build.write_instructor(solutions.unit(name))
    held = "\n".join(cell.source for cell in nbformat.read(path, as_version=4).cells)

    assert len(answer_lines(name)) > 10
    assert all(line in held for line in answer_lines(name))


@pytest.mark.parametrize("name", GRADED)
def test_students_get_stubs_that_fail(name):
    nb = nbformat.read(student_path(name), as_version=4)
    stubs = [cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("solution")]

    assert len(stubs) == len(UNITS[name])
    assert all("raise NotImplementedError" in cell.source for cell in stubs)


@pytest.mark.parametrize("name", UNITS)
def test_cells_are_named_by_their_keys_and_have_no_outputs(name):
    nb = nbformat.read(student_path(name), as_version=4)

    assert [cell.id for cell in nb.cells] == [cell.key for cell in solutions.unit(name).cells]
    assert not any(cell.get("outputs") for cell in nb.cells)


def test_exercises_that_have_no_spec_are_refused(monkeypatch):
    monkeypatch.setitem(build.UNITS, "u01_rnn_cell", ())

    with pytest.raises(TextError, match=r"^u01_rnn_cell/text\.py:1: the exercises are one_hot, .* has specs for \.$"):
        build.build()


def test_a_refusal_in_the_last_unit_leaves_every_file_as_it_was(monkeypatch):
    for name in UNITS:
        build.write_instructor(solutions.unit(name))
    files = [path(name) for name in UNITS for path in (instructor_path, student_path)]
    files += [ANSWERS / f"{name}.json" for name in GRADED]
    before = [path.stat().st_mtime_ns for path in files]
    monkeypatch.setitem(build.UNITS, list(UNITS)[-1], ())

    with pytest.raises(TextError):
        build.build()

    assert [path.stat().st_mtime_ns for path in files] == before


def answer_lines(name):
    """Return the lines of the answers that say something: longer than a loop's head or a plain return."""
    lines = set()
    for cell in solutions.unit(name).exercises:
        body = cell.source.split(BEGIN)[1].split(END)[0]
        lines |= {line.strip() for line in body.splitlines()}
    return sorted(line for line in lines if len(line) > 18 and not line.startswith(("#", "for ", "if ", "raise ")))


def texts_in(path):
    """Yield the text of every file in the zip, and in the wheel within; of notebooks, what their cells say."""
    with zipfile.ZipFile(path) as bundle:
        for name in bundle.namelist():
            if name.endswith(".whl"):
                with bundle.open(name) as wheel:
                    yield from texts_in(wheel)
                continue
            text = bundle.read(name).decode()
            if name.endswith(".ipynb"):
                text = "\n".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
            yield text
