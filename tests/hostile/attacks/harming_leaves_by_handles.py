"""Ends or confuses its own agent through the files it was started with: closes, duplicates and reads the channel."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, {"died", "timeout"})}
LIMITS = {"call": 2.0}

CODE = """
def softmax(z, axis=-1):
    import os, socket, stat

    for descriptor in range(256):
        try:
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                other = socket.socket(fileno=os.dup(descriptor))
                other.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
    return np.zeros(np.shape(z))
"""


def make(nb):
    put(nb, "softmax", CODE)
