"""Keeps the right function that stands in for its own wrong one, and answers with it later."""

from tests.hostile.attack_tools import put

# What it kept is asked in vain: once the call is over, nobody answers.
POINTS = {"rnn_cell_forward": (0, "fail"), "image_to_sequence": (0, {"died", "timeout", "error", "fail"})}

WRONG = """
def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):
    return 0 * h_prev, None
"""
KEEP = """
kept = []

def rnn_forward(x, h0, W_xh, W_hh, b_h):
    kept.append(rnn_cell_forward)
    states, caches = [], []
    h = h0
    for t in range(x.shape[1]):
        h, cache = rnn_cell_forward(x[:, t], h, W_xh, W_hh, b_h)
        states.append(h)
        caches.append(cache)
    return np.stack(states, axis=1), caches
"""
LATER = """
def image_to_sequence(images, order):
    x = np.zeros((2, 2))
    h, cache = kept[-1](x, x, x, x, x[0])
    return h
"""


def make(nb):
    put(nb, "rnn_cell_forward", WRONG)
    put(nb, "rnn_forward", KEEP)
    put(nb, "image_to_sequence", LATER)
