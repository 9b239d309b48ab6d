"""Has a cell that takes long, and ends its process in every call, so that the cell is executed again and again."""

from tests.hostile.attack_tools import FULL, first, wrong

POINTS = dict.fromkeys(FULL, (0, {"died", "timeout", "cpu"}))
LIMITS = {"cell": 3.0, "submission": 20.0, "total_cpu": 10.0}

BURN = """
import os, time

end = time.process_time() + 1.5
while time.process_time() < end:
    pass
"""


def make(nb):
    first(nb, BURN)
    wrong(nb, body="os._exit(1)")
