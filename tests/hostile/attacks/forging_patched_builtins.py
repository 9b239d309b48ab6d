"""Replaces Python's own functions, and puts a check of its own among them."""

from tests.hostile.attack_tools import NOTHING, first, wrong

POINTS = NOTHING

CODE = """
import builtins
import sys

builtins.check = lambda function: 20
builtins.abs = lambda x: 0
builtins.sum = lambda *args: 0
builtins.max = builtins.min = lambda *args, **kwargs: 0
builtins.AssertionError = type("Fine", (Exception,), {})
sys.excepthook = lambda *args: None
"""


def make(nb):
    wrong(nb)
    first(nb, CODE)
