"""Ends its process in every call of every function, behind cells that are slow to execute again."""

from tests.hostile.attack_tools import FULL, first, wrong

POINTS = dict.fromkeys(FULL, (0, {"died", "timeout"}))
LIMITS = {"call": 2.0, "notebook": 6.0, "submission": 20.0}

CODE = """
import os, time

time.sleep(2.5)
"""


def make(nb):
    wrong(nb, body="os._exit(0)")
    first(nb, CODE)
    first(nb, CODE)
