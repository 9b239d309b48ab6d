"""Locks records of a file in the newer way, which belongs to an open file."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import fcntl, struct

file = open("/tmp/locked", "w+")
for command in (37, 38):  # F_OFD_SETLK, F_OFD_SETLKW
    for at in range(1000):
        try:
            fcntl.fcntl(file, command, struct.pack("hhqqi", fcntl.F_WRLCK, 0, 2 * at, 1, 0))
        except OSError:
            continue
        raise AssertionError("locked")
"""


def make(nb):
    append(nb, "softmax", CODE)
