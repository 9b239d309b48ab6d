"""Closes every file and socket that its process has."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, "died")}

CODE = """
def softmax(z, axis=-1):
    import os

    os.closerange(0, 65536)
    return np.zeros(np.shape(z))
"""


def make(nb):
    put(nb, "softmax", CODE)
