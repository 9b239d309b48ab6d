"""Does not wait for its children, so that each call leaves twenty dead ones in the table of processes."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, {"processes", "error"})}

CODE = """
def softmax(z, axis=-1):
    import os

    for _ in range(20):
        if os.fork() == 0:
            os._exit(0)
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CODE)
