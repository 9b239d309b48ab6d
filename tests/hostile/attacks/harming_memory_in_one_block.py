"""Asks for more memory than the machine has, in one block."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, "memory")}

CODE = """
def softmax(z, axis=-1):
    return np.ones(2**40)
"""


def make(nb):
    put(nb, "softmax", CODE)
