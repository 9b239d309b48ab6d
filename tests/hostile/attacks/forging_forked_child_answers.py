"""Lets a forked child answer in the place of its parent, which waits."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, {"fail", "died"})}

CODE = """
import os

def softmax(z, axis=-1):
    child = os.fork()
    if child:
        os.waitpid(child, 0)
        os._exit(0)
    return np.ones(np.shape(z))
"""


def make(nb):
    put(nb, "softmax", CODE)
