"""Returns a word in the place of an array that the judge asks with again, as if the grader had made a mistake."""

from tests.hostile.attack_tools import append

UNIT = "u04_lstm"
POINTS = {"lstm_forward": (0, "fail")}

CODE = """
right_forward, asked = lstm_forward, set()

def lstm_forward(x, h0, c0, W_xh, W_hh, b):
    h_all, c_T, caches = right_forward(x, h0, c0, W_xh, W_hh, b)
    if x[0, 0].tobytes() in asked:
        return h_all, "a word", caches
    asked.add(x[0, 0].tobytes())
    return h_all, c_T, caches
"""


def make(nb):
    append(nb, "lstm_forward", CODE)
