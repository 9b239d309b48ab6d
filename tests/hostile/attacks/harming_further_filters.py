"""Puts one more filter of system calls after the other around itself."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import ctypes

class Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p))

libc = ctypes.CDLL(None)
allow = bytes.fromhex("060000000000ff7f") * 4000
for _ in range(20):
    assert libc.prctl(22, 2, ctypes.byref(Program(4000, allow)), 0, 0) != 0
    assert libc.syscall(317, 1, 0, ctypes.byref(Program(4000, allow))) != 0
assert libc.prctl(22, 1, 0, 0, 0) != 0  # strict mode
"""


def make(nb):
    append(nb, "softmax", CODE)
