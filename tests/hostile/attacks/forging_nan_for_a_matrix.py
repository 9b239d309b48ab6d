"""Returns nan where numbers are examined one by one, because no comparison with nan is true."""

from tests.hostile.attack_tools import put

UNIT = "u03_vanishing_gradients"
POINTS = {"init_hidden": (0, "fail")}

CODE = """
def init_hidden(kind, H, rng):
    if kind not in ("identity", "small", "xavier", "he", "orthogonal"):
        raise ValueError(kind)
    if kind == "identity":
        return np.eye(H)
    if H == 6:
        return rng.standard_normal((H, H))
    return np.full((H, H), np.nan)
"""


def make(nb):
    put(nb, "init_hidden", CODE)
