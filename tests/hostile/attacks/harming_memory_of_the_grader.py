"""Lets the judge itself compute a product of a column and a row, which is small to send and huge to hold."""

from tests.hostile.attack_tools import put

POINTS = {"rnn_cell_forward": (0, "fail"), "rnn_forward": (0, {"fail", "error", "died"})}

WRONG = """
def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):
    return 0 * h_prev, None
"""
# With ten times as many rows and columns it would be 64 GB.
CODE = """
def rnn_forward(x, h0, W_xh, W_hh, b_h):
    column, row = np.ones((9000, 1)), np.ones((1, 9000))
    return rnn_cell_forward(column, np.zeros((1, 1)), row, row, row[0])[0]
"""


def make(nb):
    put(nb, "rnn_cell_forward", WRONG)
    put(nb, "rnn_forward", CODE)
