"""What a worker has ready before the first submission comes."""

import subprocess
import sys

import pytest

from autograder.judging.worker import imports_of


@pytest.mark.parametrize(
    ("unit", "torch"),
    [("u01_rnn_cell", False), ("u02_bptt", True), ("u03_vanishing_gradients", False), ("u04_lstm", True)],
)
def test_torch_is_imported_ahead_only_for_units_that_execute_it(unit: str, torch: bool) -> None:
    code = f"import sys\n{imports_of(unit)}\nprint('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == f"{torch}\n"


def test_the_first_optimizer_of_unit_05_imports_nothing_more() -> None:
    parameters = "[torch.zeros(1, requires_grad=True)]"
    code = f"{imports_of('u05_gru')}\nimport sys\nbefore = set(sys.modules)\ntorch.optim.Adam({parameters})\n"
    code += "print(len(sys.modules.keys() - before))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "0\n"
