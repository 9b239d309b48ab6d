"""Reads the grader's terminal and console."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import glob, os

for path in ("/dev/tty", "/dev/console", "/dev/tty0", "/dev/tty1", "/dev/ttyS0", *glob.glob("/dev/pts/*")):
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
    except OSError:
        continue
    raise AssertionError(path)
"""


def make(nb):
    append(nb, "softmax", CODE)
