"""Starts programs with megabytes of arguments and variables, one out of the other."""

from tests.hostile.attack_tools import put

POINTS = {}

CODE = """
def softmax(z, axis=-1):
    import os, subprocess

    for _ in range(5):
        try:
            subprocess.run(["/bin/true", *["x" * 100_000] * 15], env={"Y": "y" * 100_000}, timeout=5)
        except OSError:
            pass
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CODE)
