"""Lets the judge compute something too large to be sent, so that the fault looks like the grader's own."""

from tests.hostile.attack_tools import put

POINTS = {
    "rnn_cell_forward": (0, "fail"),
    "rnn_forward": (0, {"fail", "error", "died"}),
}

WRONG = """
def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):
    return 0 * h_prev, None
"""
CODE = """
def rnn_forward(x, h0, W_xh, W_hh, b_h):
    rows, columns = np.ones((2500, 1)), np.ones((1, 2500))
    return rnn_cell_forward(rows, np.zeros((1, 1)), columns, columns, columns[0])[0]
"""


def make(nb):
    put(nb, "rnn_cell_forward", WRONG)
    put(nb, "rnn_forward", CODE)
