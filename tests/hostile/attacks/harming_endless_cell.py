"""Never comes back from a cell, which is then left out."""

from tests.hostile.attack_tools import append

POINTS = {"softmax": (0, "timeout")}
LIMITS = {"cell": 1.0}

CODE = """
while True:
    try:
        while True:
            pass
    except BaseException:
        pass
"""


def make(nb):
    append(nb, "softmax", CODE)
