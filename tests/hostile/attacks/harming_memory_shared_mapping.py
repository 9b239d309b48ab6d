"""Takes memory in shared mappings, nameless files and shared segments, which no limit of one process counts."""

from tests.hostile.attack_tools import append

POINTS = {}  # all three are refused
LIMITS = {"cell": 15.0, "address_space": 2**31, "total_memory": 2**29, "fair_memory": 2**28}

CODE = """
import ctypes, mmap, os, time

def mapped():
    mmap.mmap(-1, 2**28).write(bytes(2**28))

def nameless():
    os.write(os.memfd_create("nameless"), bytes(2**26))

def segment():
    libc = ctypes.CDLL(None)
    libc.shmat.restype = ctypes.c_void_p
    address = libc.shmat(libc.shmget(0, 2**28, 0o1600), None, 0)
    if address in (None, 2**64 - 1):
        raise OSError
    ctypes.memset(address, 1, 2**28)

taken = 0
for take in (mapped, nameless, segment):
    for _ in range(12):
        told, tell = os.pipe()
        if os.fork() == 0:
            try:
                take()
                os.write(tell, b"y")
                time.sleep(100)
            except OSError:
                pass
            os._exit(0)
        os.close(tell)
        taken += len(os.read(told, 1))
assert taken == 0, taken
"""


def make(nb):
    append(nb, "softmax", CODE)
