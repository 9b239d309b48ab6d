"""Cells below the checks keep an older try, take names away, and import another function of the same name."""

from nbformat.v4 import new_code_cell

from tests.hostile.damage import put

SCRATCH = (
    "def rnn_readout(h, W_hy, b_y):  # the first try\n    return h",
    "from torch import softmax",
    "del one_hot",
    "np.tanh = np.sin",
    "np = None",
)


def make(folder, nb):
    nb.cells += [new_code_cell(source) for source in SCRATCH]
    put(folder, nb)
