"""Swaps the ids of answers and checks, so that right answers stand where wrong ones are graded."""

from tests.hostile.attack_tools import wrong

POINTS = {"rnn_cell_forward": (0, "fail"), "rnn_readout": (0, "fail")}
SWAPPED = {"rnn_cell_forward": "num_params", "num_params": "rnn_cell_forward"}
SWAPPED |= {f"{old}-check": f"{new}-check" for old, new in SWAPPED.items()}
SWAPPED |= {"rnn_readout-check": "softmax-check", "softmax-check": "rnn_readout-check"}


def make(nb):
    wrong(nb, *POINTS)
    for cell in nb.cells:
        cell.id = SWAPPED.get(cell.id, cell.id)
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.grade_id = cell.id
