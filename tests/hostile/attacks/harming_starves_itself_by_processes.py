"""Waits for a processor that its own children never leave to it."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, {"timeout", "cpu"})}
LIMITS = {"call": 2.0}

CODE = """
def softmax(z, axis=-1):
    import os

    for _ in range(30):
        if os.fork() == 0:
            while True:
                pass
    while True:
        pass
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CODE)
