"""Hands thousands of mappings on from child to child, each of which keeps those before it."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, {"memory", "timeout"})}
LIMITS = {"total_memory": 2**29, "fair_memory": 2**29, "call": 8.0}

CODE = """
def softmax(z, axis=-1):
    import ctypes, mmap, os, time

    holes = mmap.mmap(-1, 20_000 << 12, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    holes.madvise(mmap.MADV_NOHUGEPAGE)
    start, protect = ctypes.addressof(ctypes.c_char.from_buffer(holes)), ctypes.CDLL(None).mprotect
    for page in range(0, 20_000, 2):
        holes[page << 12] = 1
        protect(ctypes.c_void_p(start + (page << 12)), ctypes.c_size_t(4096), 1)
    for _ in range(50):
        if os.fork():
            time.sleep(60)
    time.sleep(60)
    e = np.exp(z - np.max(z, axis=axis, keepdims=True))
    return e / e.sum(axis=axis, keepdims=True)
"""


def make(nb):
    put(nb, "softmax", CODE)
