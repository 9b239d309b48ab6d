"""Shows nan, negative and far too large numbers as results, which nbgrader would read as points."""

from tests.hostile.attack_tools import NOTHING, first, last, wrong

POINTS = NOTHING

CODE = """
for points in (float("nan"), -1, 1e9, 300, True, "20"):
    get_ipython().displayhook(points)
"""


def make(nb):
    wrong(nb)
    first(nb, CODE)
    last(nb, CODE + "\n20")
