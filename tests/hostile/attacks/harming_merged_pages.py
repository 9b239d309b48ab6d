"""Asks the kernel to look for equal pages and to merge them, which takes it time and memory."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import ctypes, mmap

assert ctypes.CDLL(None).prctl(67, 1, 0, 0, 0) != 0  # PR_SET_MEMORY_MERGE
pages = mmap.mmap(-1, 1000 << 12, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
try:
    pages.madvise(12)  # MADV_MERGEABLE: for these pages only, and they count
except OSError:
    pass
"""


def make(nb):
    append(nb, "softmax", CODE)
