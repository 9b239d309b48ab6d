"""Returns a column in one call and a row in the next, whose sum in the judge is a huge table."""

from tests.hostile.attack_tools import append

UNIT = "u04_lstm"
POINTS = {"lstm_backward": (0, "fail")}

CODE = """
right_backward = lstm_backward

def lstm_backward(dh_all, dc_T, caches):
    grads = right_backward(dh_all, dc_T, caches)
    if len(dc_T) > 1 and not dc_T.any():
        return dict.fromkeys(grads, np.ones((9000, 1)))
    if len(dc_T) > 1 and not dh_all.any():
        return dict.fromkeys(grads, np.ones((1, 9000)))
    return grads
"""


def make(nb):
    append(nb, "lstm_backward", CODE)
