"""Replaces the functions of the course's package that compare, mark and call, in their code and in their modules."""

from tests.hostile.attack_tools import NOTHING, first, wrong

POINTS = NOTHING

CODE = """
import importlib

def agree(*args, **kwargs):
    return None

for name in ("compare", "differences", "marking", "exam"):
    module = importlib.import_module(f"rnnlab.checking.{name}")
    for attribute, value in list(vars(module).items()):
        if getattr(value, "__module__", "") != module.__name__ or not hasattr(value, "__code__"):
            continue
        if not value.__code__.co_freevars:
            value.__code__ = agree.__code__
        setattr(module, attribute, agree)
"""


def make(nb):
    wrong(nb)
    first(nb, CODE)
