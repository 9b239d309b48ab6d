"""Sends itself signals that wait, each with a message, until there is no room for more."""

from tests.hostile.attack_tools import CHILDREN, put

POINTS = {}

CODE = """
def softmax(z, axis=-1):
    import ctypes, os, signal, time

    def queue():
        signal.pthread_sigmask(signal.SIG_BLOCK, range(34, 64))
        libc, message = ctypes.CDLL(None), (ctypes.c_int * 32)()
        message[2] = -1
        sent = 0
        while sent < 100_000 and libc.syscall(129, os.getpid(), 40, message) == 0:
            sent += 1
        assert sent < 1000, sent

    queue()
    children(10, queue)
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CHILDREN + CODE)
