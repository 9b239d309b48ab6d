"""Stops its process group, so that whoever waits for it waits for ever."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, {"timeout", "died"})}
LIMITS = {"call": 2.0}

CODE = """
def softmax(z, axis=-1):
    import os, signal

    os.killpg(0, signal.SIGSTOP)
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CODE)
