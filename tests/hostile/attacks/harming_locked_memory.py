"""Locks pages into memory, all that it has and all that it will have."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import ctypes, mmap

libc = ctypes.CDLL(None)
assert libc.mlockall(3) != 0
pages = mmap.mmap(-1, 64 << 20, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
libc.mlock(ctypes.c_void_p(ctypes.addressof(ctypes.c_char.from_buffer(pages))), ctypes.c_size_t(64 << 20))
"""


def make(nb):
    append(nb, "softmax", CODE)
