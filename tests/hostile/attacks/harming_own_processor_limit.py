"""Gives itself one second of processor time and uses it up."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, {"cpu", "died"})}

CODE = """
def softmax(z, axis=-1):
    import resource

    resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
    while True:
        pass
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CODE)
