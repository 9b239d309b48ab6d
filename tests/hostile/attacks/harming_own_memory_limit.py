"""Forbids itself any more memory in the middle of a call."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, {"memory", "died"})}

CODE = """
def softmax(z, axis=-1):
    import resource

    resource.setrlimit(resource.RLIMIT_AS, (1 << 20, 1 << 20))
    np.zeros(10**8)
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CODE)
