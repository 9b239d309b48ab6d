"""Makes links with long names to long names that do not exist."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, {"memory", "timeout", "error"})}
LIMITS = {"total_memory": 2**27, "fair_memory": 2**27}

CODE = """
def softmax(z, axis=-1):
    import os

    for at in range(10**6):
        os.symlink("y" * 1000, f"/tmp/{at:0250}")
        os.link(f"/tmp/{at:0250}", f"/tmp/{at:0251}", follow_symlinks=False)
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CODE)
