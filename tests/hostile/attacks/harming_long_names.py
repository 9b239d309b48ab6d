"""Makes empty files with the longest names in all its folders."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, {"memory", "timeout"})}
LIMITS = {"total_memory": 2**27, "fair_memory": 2**27}

CODE = """
def softmax(z, axis=-1):
    import os

    for folder in ("/tmp", "/home/student", "/dev/shm"):
        try:
            for at in range(10**6):
                os.close(os.open(f"{folder}/{at:0250}", os.O_CREAT))
        except OSError:
            pass
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CODE)
