"""Hangs code on garbage collection, on the end of the process and on the deletion of its results."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, "fail")}

CODE = """
import atexit, gc, sys, weakref

def gift(*args):
    print("20 of 20 points")

class Dying(np.ndarray):
    def __del__(self):
        gift()

atexit.register(gift)
gc.callbacks.append(gift)
sys.unraisablehook = gift

def softmax(z, axis=-1):
    return np.zeros(np.shape(z)).view(Dying)
"""


def make(nb):
    put(nb, "softmax", CODE)
