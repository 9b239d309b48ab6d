"""Gives names to thousands of mappings, which the kernel keeps."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import ctypes, mmap

pages = mmap.mmap(-1, 1000 << 12, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
start, prctl = ctypes.addressof(ctypes.c_char.from_buffer(pages)), ctypes.CDLL(None).prctl
prctl.argtypes = [ctypes.c_int, ctypes.c_ulong, ctypes.c_ulong, ctypes.c_ulong, ctypes.c_char_p]
for page in range(1000):
    assert prctl(0x53564D41, 0, start + (page << 12), 4096, b"%d" % page + b"x" * 70) != 0
"""


def make(nb):
    append(nb, "softmax", CODE)
