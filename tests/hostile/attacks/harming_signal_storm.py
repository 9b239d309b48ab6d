"""Has its children send it signals all the time, and works on."""

from tests.hostile.attack_tools import put

POINTS = {}

CODE = """
def softmax(z, axis=-1):
    import os, signal, time

    signal.signal(signal.SIGUSR1, lambda *_: None)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    parent = os.getpid()
    for _ in range(3):
        if os.fork() == 0:
            end = time.monotonic() + 0.1
            while time.monotonic() < end:
                os.kill(parent, signal.SIGUSR1)
            os._exit(0)
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CODE)
