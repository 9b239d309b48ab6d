"""Never comes back from a call."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, "timeout")}
LIMITS = {"call": 1.0}

CODE = """
def softmax(z, axis=-1):
    while True:
        pass
"""


def make(nb):
    put(nb, "softmax", CODE)
