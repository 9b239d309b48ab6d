"""Returns whole numbers of a thousand bits where a float is expected, which no float can hold."""

from tests.corpus import put

UNIT = "u02_bptt"
POINTS = {"sequence_cross_entropy": (0, "fail")}

CODE = """
def sequence_cross_entropy(scores, targets):
    return 2**1024 - 1, np.zeros_like(scores)
"""


def make(nb):
    put(nb, "sequence_cross_entropy", CODE)
