"""Lets two threads wait for each other for ever."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, "timeout")}
LIMITS = {"call": 2.0}

CODE = """
def softmax(z, axis=-1):
    import threading

    one, other = threading.Lock(), threading.Lock()
    barrier = threading.Barrier(2)
    def wait(first, second):
        with first:
            barrier.wait()
            with second:
                pass

    helper = threading.Thread(target=wait, args=(other, one), daemon=True)
    helper.start()
    wait(one, other)
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CODE)
