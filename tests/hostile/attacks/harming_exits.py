"""Ends its process without a word, with success as its exit code."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, "died")}

CODE = """
def softmax(z, axis=-1):
    import os

    os._exit(0)
"""


def make(nb):
    put(nb, "softmax", CODE)
