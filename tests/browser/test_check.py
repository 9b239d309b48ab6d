"""A student writes an answer into unit 01 in JupyterLab, runs the check below it, and reads what it says."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, expect

import solutions
from solutions.mistakes import mistakes
from solutions.text import BEGIN, END

UNIT = "u01_rnn_cell"
EXERCISE = "rnn_cell_forward"
NOTEBOOK = Path(__file__).parents[2] / f"notebooks/en/{UNIT}/{UNIT}.ipynb"

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.alone]


def reference() -> str:
    """Return the text's own answer, without the marks around the solution."""
    (answer,) = [cell.source for cell in solutions.unit(UNIT).exercises if cell.exercise == EXERCISE]
    return "\n".join(line for line in answer.splitlines() if line.strip() not in {BEGIN, END})


@pytest.fixture
def check(open_notebook: Callable[[Path], Any]) -> Callable[[str, str], Locator]:
    """Types an answer into the notebook, runs its check, and returns what the check shows; keeps a picture."""
    notebook = open_notebook(NOTEBOOK)
    notebook.run(notebook.cell("import numpy as np"))

    def check_answer(answer: str, picture: str) -> Locator:
        notebook.write(notebook.cell(f"def {EXERCISE}("), answer)
        notebook.run(notebook.cell(f"def {EXERCISE}("))
        output = notebook.run(notebook.cell(f"check({EXERCISE})"))
        notebook.picture(output, picture)
        return output

    return check_answer


def test_right_answer_passes_its_check(check: Callable[[str, str], Locator]) -> None:
    output = check(reference(), "right")

    expect(output.get_by_role("table", name=re.compile(EXERCISE))).to_contain_text("passed")
    expect(output).not_to_contain_text("failed")


def test_known_mistake_gets_its_hint_in_place_of_a_traceback(check: Callable[[str, str], Locator]) -> None:
    mistake = next(known for known in mistakes(UNIT) if known.exercise == EXERCISE)

    output = check(mistake.as_answer(), "mistake")

    expect(output).to_contain_text(" ".join(mistake.hint.split()))
    expect(output.get_by_role("table", name=re.compile(EXERCISE))).to_contain_text("failed")
    expect(output.locator("[data-mime-type='application/vnd.jupyter.stderr']")).to_have_text(
        re.compile(rf"^CheckFailed: {EXERCISE}[^\n]*\n?$")
    )
    expect(output).not_to_contain_text("Traceback")
