"""Looks into the first process: its memory, files, folders and registers."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import ctypes, os

libc = ctypes.CDLL(None)
names = ("environ", "cmdline", "maps", "mem", "fd", "root", "cwd", "exe")
found = [name for name in names if os.path.lexists(f"/proc/1/{name}")]
space = ctypes.create_string_buffer(64)
pair = (ctypes.c_void_p * 2)(ctypes.addressof(space), 64)
if libc.process_vm_readv(1, pair, 1, pair, 1, 0) >= 0:
    found.append("memory")
if libc.ptrace(16, 1, 0, 0) == 0 or libc.ptrace(0x4206, 1, 0, 0) == 0:
    found.append("traced")
if libc.syscall(438, os.pidfd_open(1), 0, 0) >= 0:
    found.append("descriptor")
assert not found, found
"""


def make(nb):
    append(nb, "softmax", CODE)
