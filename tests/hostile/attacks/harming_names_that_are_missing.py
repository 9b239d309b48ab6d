"""Looks for thousands of files that are not there, and the kernel remembers each."""

from tests.hostile.attack_tools import put

POINTS = {}

CODE = """
def softmax(z, axis=-1):
    import os

    for at in range(20_000):
        os.path.exists(f"/usr/{at:0200}")
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CODE)
