"""Every unit with its answers in place runs from the first cell to the last, in a clean kernel, in time."""

import re
import time

import nbformat
import pytest
from nbclient import NotebookClient

import solutions
from autograder.build import instructor_notebook
from rnnlab.checking import public_answers
from rnnlab.specs import UNITS
from solutions.mistakes import mistakes
from tests.mutants import counted

# Seconds of two cores that the text promises, and room for a machine that does something else as well.
PROMISED = {"u06_image_captioning": 120}
ROOM = 2


@pytest.fixture(scope="module", params=list(UNITS))
def executed(request, tmp_path_factory):
    """Return the unit, its executed notebook, and the seconds that it took."""
    unit = solutions.unit(request.param)
    nb = nbformat.from_dict(instructor_notebook(unit))
    start = time.perf_counter()
    NotebookClient(nb, timeout=300, resources={"metadata": {"path": tmp_path_factory.mktemp("unit")}}).execute()
    return unit, nb, time.perf_counter() - start


@pytest.mark.slow
def test_a_unit_runs_without_an_error_in_the_time_promised(executed):
    unit, _, seconds = executed

    assert seconds < ROOM * PROMISED.get(unit.name, 60)


@pytest.mark.slow
def test_every_check_of_a_unit_passes_with_the_answers_in_place(executed):
    unit, nb, _ = executed
    checks = [cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    tables = [output.data["text/plain"] for cell in checks for output in displays(cell) if is_table(output)]

    assert len(tables) == len(unit.exercises)
    assert not [table for table in tables if "failed" in table or "remark" in table]


@pytest.mark.slow
def test_every_figure_of_a_unit_has_a_description(executed):
    _, nb, _ = executed
    images = [tag for cell in nb.cells for output in displays(cell) for tag in image_tags(output)]

    assert images
    assert all(re.search(r'alt="[^"]{20,}"', tag) for tag in images)
    assert not [output for cell in nb.cells for output in displays(cell) if "image/png" in output.data]


@pytest.mark.slow
def test_nothing_is_written_to_standard_error(executed):
    _, nb, _ = executed

    assert not [o.text for cell in nb.cells for o in cell.get("outputs", []) if o.get("name") == "stderr"]


@pytest.mark.slow
def test_a_line_tells_what_a_unit_holds(executed, capsys):
    unit, nb, seconds = executed
    figures = sum(bool(image_tags(output)) for cell in nb.cells for output in displays(cell))
    checks = sum(len(public_answers.load(cell.exercise, unit.name).questions) for cell in unit.exercises)
    words = sum(len(re.findall(r"[A-Za-z]+", cell.source)) for cell in unit.cells if cell.kind == "markdown")
    made, killed = counted(unit)
    line = (
        f"{unit.name}: {seconds:.0f} s, {words} words, {figures} figures, {len(unit.exercises)} exercises, "
        f"{unit.points} points, {checks} checked calls, {len(mistakes(unit.name))} known mistakes, "
        f"{made} mutants made, {killed} killed"
    )
    with capsys.disabled():
        print(f"\n{line}")

    assert figures > 0
    assert words > 1000


def displays(cell):
    return [output for output in cell.get("outputs", []) if output.output_type in ("display_data", "execute_result")]


def is_table(output):
    return "checks passed" in output.data.get("text/plain", "")


def image_tags(output):
    return re.findall(r"<img[^>]*>", output.data.get("text/html", ""))
