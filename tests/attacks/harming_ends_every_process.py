"""Ends its process in every call of every function, behind cells that are slow to execute again."""

from tests.corpus import FULL, first, put

POINTS = dict.fromkeys(FULL, (0, {"died", "timeout"}))
LIMITS = {"call": 2.0, "cell": 3.0, "notebook": 6.0}
SECONDS = 60

CODE = """
import os, time

time.sleep(2.5)
"""


def make(nb):
    for exercise in FULL:
        put(nb, exercise, f"def {exercise}(*args, **kwargs):\n    os._exit(0)")
    first(nb, CODE)
    first(nb, CODE)
