"""Starts commands of the shell that go on after the cell."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import os

for command in ("sleep 1000", "yes > /dev/null", "(setsid sleep 1000)"):
    os.system(f"{command} &")
"""


def make(nb):
    append(nb, "softmax", CODE)
