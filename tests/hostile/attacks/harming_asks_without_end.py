"""Calls the function that the judge computes for it again and again, without ever returning."""

from tests.hostile.attack_tools import put

POINTS = {"rnn_cell_forward": (0, "fail"), "rnn_forward": (0, "timeout")}

WRONG = """
def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):
    return 0 * h_prev, None
"""
CODE = """
def rnn_forward(x, h0, W_xh, W_hh, b_h):
    while True:
        h, cache = rnn_cell_forward(x[:, 0], h0, W_xh, W_hh, b_h)
"""
LIMITS = {"call": 1.0}


def make(nb):
    put(nb, "rnn_cell_forward", WRONG)
    put(nb, "rnn_forward", CODE)
