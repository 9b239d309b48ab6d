"""Replaces the comparisons of NumPy and Python's sums so that each says yes."""

from tests.hostile.attack_tools import NOTHING, first, wrong

POINTS = NOTHING

CODE = """
import builtins
import matplotlib.pyplot  # what a cold start imports later would stumble over it
import numpy as np

def yes(*args, **kwargs):
    return True

for name in ("allclose", "array_equal", "isclose", "all", "any"):
    setattr(np, name, yes)
for name in dir(np.testing):
    if name.startswith("assert_"):
        setattr(np.testing, name, lambda *args, **kwargs: None)
builtins.all = builtins.any = yes
"""


def make(nb):
    wrong(nb)
    first(nb, CODE)
