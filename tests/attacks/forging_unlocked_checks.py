"""Unlocks its checks and writes full points, or an answer, into them."""

from tests.corpus import NOTHING, checks, wrong

POINTS = NOTHING

CODE = """
def softmax(z, axis=-1):
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)

20
"""


def make(nb):
    wrong(nb)
    for cell in checks(nb):
        cell.source = CODE
        cell.metadata.nbgrader.update(locked=False, solution=True, grade=True)
