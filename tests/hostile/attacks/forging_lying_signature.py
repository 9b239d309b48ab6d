"""Answers with an object that only claims to have the right parameters."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, {"fail", "error"})}

CODE = """
import inspect

class Softmax:
    __signature__ = inspect.Signature([
        inspect.Parameter("z", inspect.Parameter.POSITIONAL_OR_KEYWORD),
        inspect.Parameter("axis", inspect.Parameter.POSITIONAL_OR_KEYWORD, default=-1),
    ])
    def __call__(self, *args, **kwargs):
        return kwargs

softmax = Softmax()
"""


def make(nb):
    put(nb, "softmax", CODE)
