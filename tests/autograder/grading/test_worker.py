"""What a worker has ready before the first submission comes, and what becomes of one that it fails over."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from nbformat import NotebookNode

from autograder.grading import worker
from autograder.grading.worker import imports_of, work
from autograder.results import Submission
from tests.autograder.submissions import UNIT, submission


@pytest.mark.slow
@pytest.mark.parametrize(
    ("unit", "torch"),
    [
        ("u01_rnn_cell", False),
        ("u02_bptt", True),
        ("u03_vanishing_gradients", False),
        ("u04_lstm", True),
        ("u05_gru", True),
        ("u06_image_captioning", False),
    ],
)
def test_torch_is_imported_ahead_only_for_units_that_execute_it(unit: str, torch: bool) -> None:
    code = f"import sys\n{imports_of(unit)}\nprint('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{torch}\n"


@pytest.mark.slow
def test_the_first_optimizer_of_unit_05_imports_nothing_more() -> None:
    parameters = "[torch.zeros(1, requires_grad=True)]"
    code = f"{imports_of('u05_gru')}\nimport sys\nbefore = set(sys.modules)\ntorch.optim.Adam({parameters})\n"
    code += "print(len(sys.modules.keys() - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "0\n"


MARK = "the submission that nobody can draw"


def marked(instructor_path: Path) -> Submission:
    raw = instructor_path.read_bytes().replace(b"import numpy", f"import numpy # {MARK}".encode(), 1)
    return submission("eve", raw)


def failing_pages(monkeypatch: pytest.MonkeyPatch, over: str) -> None:
    """Let the feedback page of every notebook with the text ``over`` fail."""
    real = worker.feedback

    def feedback(unit: str, nb: NotebookNode, *args: Any) -> str:
        if any(over in cell.source for cell in nb.cells):
            raise KeyError("no such colour")
        return real(unit, nb, *args)

    monkeypatch.setattr(worker, "feedback", feedback)


@pytest.mark.sandbox
def test_what_our_code_raises_over_one_submission_is_a_state_of_it(
    instructor_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_pages(monkeypatch, MARK)
    result = work(marked(instructor_path))
    assert result.state == "unreadable"
    assert (
        result.reason
        == f"{UNIT}.ipynb could not be graded: the grader failed over it (KeyError), and did not over another one."
    )
    assert "KeyError: 'no such colour'" in result.fault


@pytest.mark.sandbox
def test_what_our_code_raises_over_every_submission_is_raised(
    instructor_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing_pages(monkeypatch, "import")
    with pytest.raises(KeyError, match="no such colour"):
        work(marked(instructor_path))
