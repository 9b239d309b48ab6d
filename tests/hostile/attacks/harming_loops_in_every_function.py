"""Never comes back, in every function, and keeps all processors busy meanwhile."""

from tests.hostile.attack_tools import FULL, first, wrong

POINTS = dict.fromkeys(FULL, (0, {"timeout", "cpu"}))
LIMITS = {"call": 2.0, "submission": 12.0, "total_cpu": 10.0}

BURN = """
import os

def burn():
    for _ in range(3):
        os.fork()
    while True:
        pass
"""


def make(nb):
    first(nb, BURN)
    wrong(nb, body="return burn()")
