"""Unlocks its checks and writes full points into them."""

from tests.hostile.attack_tools import NOTHING, checks, wrong

POINTS = NOTHING

CODE = """
check = lambda function: 20

class Two(int):
    def __repr__(self):
        return "20 of 20 points"

Two(2)
"""


def make(nb):
    wrong(nb)
    for cell in checks(nb):
        cell.source = CODE
        cell.metadata.nbgrader.update(locked=False, solution=True, grade=True)
