"""Takes memory in small pieces, without end, and catches every exception."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, {"memory", "died", "timeout"})}
LIMITS = {"address_space": 2**30}

CODE = """
def softmax(z, axis=-1):
    kept = []
    while True:
        try:
            kept.append(bytearray(100_000))
        except MemoryError:
            pass
"""


def make(nb):
    put(nb, "softmax", CODE)
