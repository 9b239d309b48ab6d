"""Makes message queues, semaphores and shared memory of System V and POSIX."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import ctypes

libc = ctypes.CDLL(None, use_errno=True)
attributes = (ctypes.c_long * 8)(0, 10, 8192)
assert libc.mq_open(b"/queue", 0o102, 0o600, attributes) == -1
assert libc.syscall(240, b"queue", 0o102, 0o600, attributes) == -1
assert libc.msgget(0, 0o1600) == -1
assert libc.semget(0, 100, 0o1600) == -1
assert libc.shmget(0, 1 << 20, 0o1600) == -1
assert libc.memfd_create(b"memory", 0) == -1
assert libc.inotify_init() == -1
"""


def make(nb):
    append(nb, "softmax", CODE)
