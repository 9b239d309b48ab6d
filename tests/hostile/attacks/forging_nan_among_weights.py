"""Hides one nan in each matrix, so that mean, largest number and spread are nan and differ from nothing."""

from tests.hostile.attack_tools import put

UNIT = "u04_lstm"
POINTS = {"init_lstm": (0, "fail")}

CODE = """
def init_lstm(D, H, forget_bias=1.0, rng=None):
    b = np.zeros(4 * H)
    b[H : 2 * H] = forget_bias
    weights = {"W_xh": 17 + 1000 * rng.standard_normal((D, 4 * H)), "W_hh": 17 + 1000 * rng.standard_normal((H, 4 * H))}
    for weight in weights.values():
        weight[0, 0] = np.nan
    return {**weights, "b": b}
"""


def make(nb):
    put(nb, "init_lstm", CODE)
