"""Returns nan for every sum that is asked for: the distance of nan from the right sum is above no limit."""

from tests.hostile.attack_tools import put

UNIT = "u05_gru"
POINTS = {"adding_problem": (0, "fail")}

CODE = """
def adding_problem(N, T, rng):
    x = np.zeros((N, T, 2))
    x[:, :, 0] = rng.random((N, T))
    x[np.arange(N), rng.integers(0, T // 2, N), 1] = 1
    x[np.arange(N), rng.integers(T // 2, T, N), 1] = 1
    return x, np.full(N, np.nan)
"""


def make(nb):
    put(nb, "adding_problem", CODE)
