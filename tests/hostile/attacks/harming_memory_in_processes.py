"""Takes memory in several processes, each of them below its own limit."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, {"memory", "died"})}
LIMITS = {"call": 5.0, "address_space": 2**30, "total_memory": 2**29, "fair_memory": 2**28}

CODE = """
def softmax(z, axis=-1):
    import os, time

    for _ in range(8):
        if os.fork() == 0:
            held = bytearray(2**28)
            held[::4096] = b"x" * (2**28 // 4096)
            time.sleep(100)
            os._exit(0)
    time.sleep(4)
    return np.exp(z) / np.exp(z).sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CODE)
