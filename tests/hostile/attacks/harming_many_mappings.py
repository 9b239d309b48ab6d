"""Splits a mapping of nothing into tens of thousands, in many processes."""

from tests.hostile.attack_tools import CHILDREN, put

POINTS = {"softmax": (0, {"memory", "timeout"})}
LIMITS = {"total_memory": 2**29, "fair_memory": 2**29, "call": 8.0}

CODE = """
def softmax(z, axis=-1):
    import ctypes, mmap, os, time

    def split():
        holes = mmap.mmap(-1, 60_000 << 12, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
        start, protect = ctypes.addressof(ctypes.c_char.from_buffer(holes)), ctypes.CDLL(None).mprotect
        for page in range(0, 60_000, 2):
            protect(ctypes.c_void_p(start + (page << 12)), ctypes.c_size_t(4096), 1)
        time.sleep(60)

    children(25, split)
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CHILDREN + CODE)
