"""Leaves orphans to the first process faster than it can bury them."""

from tests.hostile.attack_tools import put

POINTS = {}

CODE = """
def softmax(z, axis=-1):
    import os

    for _ in range(40):
        if os.fork() == 0:
            try:
                os.fork()
            finally:
                os._exit(0)
        os.wait()
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CODE)
