"""Reads an address that does not exist."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, "died")}

CODE = """
def softmax(z, axis=-1):
    import ctypes

    return ctypes.string_at(0)
"""


def make(nb):
    put(nb, "softmax", CODE)
