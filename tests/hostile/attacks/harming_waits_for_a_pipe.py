"""Opens a pipe with a name that nobody else ever opens."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, "timeout")}
LIMITS = {"call": 2.0}

CODE = """
def softmax(z, axis=-1):
    import os

    os.mkfifo("/tmp/nobody")
    open("/tmp/nobody")
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CODE)
