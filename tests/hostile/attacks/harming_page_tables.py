"""Reads one page in each two megabytes, in many processes: tables of pages that hold nothing."""

from tests.hostile.attack_tools import CHILDREN, put

POINTS = {"softmax": (0, {"memory", "timeout"})}
LIMITS = {"total_memory": 2**27, "fair_memory": 2**27}

CODE = """
def softmax(z, axis=-1):
    import mmap, os, time

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
    put(nb, "softmax", CHILDREN + CODE)
