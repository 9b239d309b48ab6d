"""Returns arrays and texts of many megabytes, alone and many of them together."""

from tests.hostile.attack_tools import put

POINTS = {
    exercise: (0, {"fail", "timeout"}) for exercise in ("softmax", "rnn_readout", "classify_task", "rnn_cell_forward")
}

CODE = {
    "softmax": """
def softmax(z, axis=-1):
    return np.zeros((1000, 1000, 100))
""",
    "rnn_readout": """
def rnn_readout(h_all, W_hy, b_y, mode):
    return np.broadcast_to(0.0, (10**6, 10**6))
""",
    "classify_task": """
def classify_task(name):
    return "many" * 5_000_000
""",
    "rnn_cell_forward": """
def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):
    return [np.zeros(3_000_000)] * 100, "cache" * 10_000_000
""",
}


def make(nb):
    for exercise, code in CODE.items():
        put(nb, exercise, code)
