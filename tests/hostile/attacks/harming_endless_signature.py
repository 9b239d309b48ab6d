"""Gives its functions parameters with names of a million characters, a hundred thousand of them, or none to be read."""

from tests.hostile.attack_tools import append

POINTS = {"softmax": (0, "fail"), "rnn_readout": (0, "died"), "num_params": (0, "died")}

NAMED = """
import inspect

def named(names):
    return inspect.Signature([inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY) for name in names])
"""
UNREADABLE = """
class Hidden:
    @property
    def __signature__(self):
        raise MemoryError("<script>alert(1)</script>")
    def __call__(self, D, H, C):
        raise MemoryError("<script>alert(1)</script>")

num_params = Hidden()
"""


def make(nb):
    append(nb, "softmax", NAMED + 'softmax.__signature__ = named(["z" * 1_000_000, "axis"])')
    append(nb, "rnn_readout", NAMED + 'rnn_readout.__signature__ = named([f"z{number}" for number in range(100_000)])')
    append(nb, "num_params", UNREADABLE)
