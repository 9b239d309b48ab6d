"""Locks every second byte of a file, and each lock is memory that nobody counts."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import fcntl

file = open("/tmp/locked", "w+")
for command in (fcntl.LOCK_EX | fcntl.LOCK_NB, fcntl.LOCK_SH, fcntl.LOCK_EX):
    try:
        for at in range(100_000):
            fcntl.lockf(file, command, 1, 2 * at)
    except PermissionError:
        continue
    raise AssertionError("locked")
"""


def make(nb):
    append(nb, "softmax", CODE)
