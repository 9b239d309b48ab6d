"""Forbids itself to open any file, so that its process cannot even lead its output nowhere."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, {"error", "died"})}

CODE = """
def softmax(z, axis=-1):
    import resource

    resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CODE)
