"""Moves all its processes to one processor and asks for the most of it."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import os

os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
try:
    os.nice(-20)
except OSError:
    pass
for _ in range(4):
    if os.fork() == 0:
        end = os.times().elapsed + 1
        while os.times().elapsed < end:
            pass
        os._exit(0)
"""


def make(nb):
    append(nb, "softmax", CODE)
