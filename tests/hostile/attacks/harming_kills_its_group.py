"""Kills its process group and its session."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, "died")}

CODE = """
def softmax(z, axis=-1):
    import os, signal

    os.killpg(0, signal.SIGKILL)
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CODE)
