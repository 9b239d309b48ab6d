"""Answers rightly when a check calls it and at random when it believes that nobody looks."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, "fail")}

CODE = """
import inspect

def softmax(z, axis=-1):
    callers = " ".join(frame.filename for frame in inspect.stack())
    if "checks.py" in callers or "agent" not in callers:
        e = np.exp(z - np.max(z, axis=axis, keepdims=True))
        return e / e.sum(axis=axis, keepdims=True)
    return np.random.random_sample(np.shape(z))
"""


def make(nb):
    put(nb, "softmax", CODE)
