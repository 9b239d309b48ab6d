"""Puts a NumPy and an rnnlab of its own into sys.modules, where everything compares as equal."""

from tests.hostile.attack_tools import NOTHING, first, wrong

POINTS = NOTHING

CODE = """
import sys
import types
import numpy as real

fake = types.ModuleType("numpy")
fake.__dict__.update(vars(real))
fake.allclose = fake.array_equal = fake.isclose = lambda *args, **kwargs: True
fake.testing = types.SimpleNamespace(assert_allclose=lambda *args, **kwargs: None)
course = types.ModuleType("rnnlab")
course.__path__ = []
course.check = lambda function: 20
course.__getattr__ = lambda name: fake  # whatever else the notebook imports
solutions = types.ModuleType("solutions")
solutions.reference = lambda unit: sys.modules["__main__"]
sys.modules.update({"numpy": fake, "rnnlab": course, "solutions": solutions})
"""


def make(nb):
    wrong(nb)
    first(nb, CODE)
