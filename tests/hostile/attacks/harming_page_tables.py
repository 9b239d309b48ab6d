"""Reads one page in each two megabytes, in many processes: tables of pages that hold nothing."""

from tests.hostile.corpus import put

POINTS = {"softmax": (0, {"memory", "timeout"})}
LIMITS = {"total_memory": 2**27, "fair_memory": 2**27}

CODE = """
def softmax(z, axis=-1):
    import mmap, os, time

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

    def touch():
        holes = mmap.mmap(-1, 2 << 30, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, mmap.PROT_READ)
        holes.madvise(mmap.MADV_NOHUGEPAGE)
        for at in range(0, 2 << 30, 2 << 20):
            holes[at]
        time.sleep(60)

    children(40, touch)
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CODE)
