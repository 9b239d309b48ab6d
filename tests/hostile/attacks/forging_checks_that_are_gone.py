"""Deletes its checks, makes text of them, or says that they grade nothing."""

from tests.hostile.attack_tools import NOTHING, checks, wrong

POINTS = NOTHING


def make(nb):
    wrong(nb)
    nb.cells = [cell for cell in nb.cells if cell.id not in ("one_hot-check", "softmax-check")]
    for cell in checks(nb):
        if cell.id in ("rnn_readout-check", "rnn_forward-check"):
            cell.update(cell_type="markdown", source="20 of 20 points")
        else:
            cell.metadata.nbgrader.update(grade=False, solution=False, points=0)
