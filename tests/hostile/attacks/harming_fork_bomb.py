"""Makes processes that make processes, for as long as it can."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, {"cpu", "memory", "processes", "timeout"})}
LIMITS = {"call": 4.0, "processes": 40}

CODE = """
def softmax(z, axis=-1):
    import os

    while True:
        try:
            os.fork()
        except OSError:
            pass
"""


def make(nb):
    put(nb, "softmax", CODE)
