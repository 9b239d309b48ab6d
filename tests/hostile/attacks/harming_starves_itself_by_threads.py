"""Waits for a processor that its own threads never leave to it."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, {"timeout", "cpu"})}
LIMITS = {"call": 2.0}

CODE = """
def softmax(z, axis=-1):
    import threading

    def busy():
        while True:
            sum(range(100_000))

    for _ in range(30):
        threading.Thread(target=busy, daemon=True).start()
    while True:
        pass
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CODE)
