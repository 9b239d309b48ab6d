"""Has the grader compute the supplied functions on as large inputs as it may send, for as long as it may."""

from tests.hostile.attack_tools import put

POINTS = {"rnn_cell_forward": (0, "fail"), "rnn_forward": (0, {"fail", "error", "timeout", "died"})}
LIMITS = {"supplied_cpu": 2}

WRONG = """
def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):
    return 0 * h_prev, None
"""
CODE = """
def rnn_forward(x, h0, W_xh, W_hh, b_h):
    large = np.ones((700, 700))
    while True:
        try:
            rnn_cell_forward(large, large, large, large, large[0])
        except TimeoutError:
            return h0
"""


def make(nb):
    put(nb, "rnn_cell_forward", WRONG)
    put(nb, "rnn_forward", CODE)
