"""Mounts, unmounts, remounts and changes its root, by the old calls and by the new ones."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import ctypes, os

libc = ctypes.CDLL(None, use_errno=True)
READ_ONLY, REMOUNT, BIND = 1, 32, 4096
refused = [
    libc.mount(b"none", b"/tmp", b"tmpfs", 0, None),
    libc.mount(b"proc", b"/proc", b"proc", 0, None),
    libc.mount(b"/", b"/", None, REMOUNT | BIND, None),
    libc.mount(b"/opt", b"/opt", None, REMOUNT | BIND, None),
    libc.umount2(b"/opt/course/rnnlab", 2),
    libc.umount2(b"/proc", 2),
    libc.syscall(155, b".", b"."),  # pivot_root
    libc.syscall(428, -100, b"/", 1),  # open_tree
    libc.syscall(430, b"tmpfs", 0),  # fsopen
    libc.syscall(442, -100, b"/", 0, 0, 0),  # mount_setattr
    libc.chroot(b"/tmp"),
]
assert all(result != 0 for result in refused) and not any(result > 0 for result in refused), refused
"""


def make(nb):
    append(nb, "softmax", CODE)
