"""Reads the machine's memory, disks, terminals and kernel messages through devices and system calls."""

from tests.hostile.attack_tools import LOOK, append

POINTS = {}

CODE = """
import ctypes, glob, os

libc = ctypes.CDLL(None, use_errno=True)
known = {"null", "zero", "full", "random", "urandom", "tty", "ptmx", "console"}
for path in glob.glob("/dev/**", recursive=True):
    if os.path.basename(path) not in known and not os.path.isdir(path) and not path.startswith("/dev/fd"):
        look(path)
for path in ("/dev/mem", "/dev/kmem", "/dev/kmsg", "/dev/sda", "/dev/vda", "/dev/console", "/dev/tty", "/dev/fuse"):
    assert not os.access(path, os.R_OK) or path.endswith("tty"), path
buffer = ctypes.create_string_buffer(100_000)
assert libc.klogctl(3, buffer, 100_000) < 0, "kernel messages"
"""


def make(nb):
    append(nb, "softmax", LOOK + CODE)
