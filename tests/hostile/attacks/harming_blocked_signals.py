"""Sleeps for ever with every signal blocked or ignored, and catches every exception."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, "timeout")}
LIMITS = {"call": 1.0}

CODE = """
def softmax(z, axis=-1):
    import ctypes, signal

    signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 65))
    libc = ctypes.CDLL(None)
    while True:
        libc.pause()
"""


def make(nb):
    put(nb, "softmax", CODE)
