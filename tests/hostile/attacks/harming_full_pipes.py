"""Fills as many pipes as it can have, in many processes, and asks for larger ones."""

from tests.hostile.attack_tools import CHILDREN, put

POINTS = {}

CODE = """
def softmax(z, axis=-1):
    import fcntl, os, time

    def fill():
        try:
            while True:
                _, end = os.pipe()
                os.set_blocking(end, False)
                try:
                    fcntl.fcntl(end, 1031, 1 << 20)  # F_SETPIPE_SZ
                except OSError:
                    pass
                else:
                    raise AssertionError("a larger pipe")
                try:
                    while True:
                        os.write(end, bytes(1 << 16))
                except BlockingIOError:
                    pass
        except OSError:
            time.sleep(0.3)

    children(20, fill)
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CHILDREN + CODE)
