"""Looks through all frames of all threads and all objects of its process for what it is compared with."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, "fail")}

CODE = """
import gc, sys

def softmax(z, axis=-1):
    found = []
    for frame in sys._current_frames().values():
        while frame is not None:
            found += frame.f_locals.values()
            frame = frame.f_back
    found += gc.get_objects()
    for thing in found:
        expected = getattr(thing, "expected", None) if type(thing).__name__ == "Question" else None
        if expected is not None:
            return expected.value[0]
    # Otherwise an array that looks like an answer.
    for thing in found:
        if isinstance(thing, np.ndarray) and thing is not z and thing.shape == np.shape(z):
            if thing.dtype.kind == "f" and np.allclose(thing.sum(axis=axis), 1):
                return thing
    return np.full(np.shape(z), 1 / np.shape(z)[axis])
"""


def make(nb):
    put(nb, "softmax", CODE)
