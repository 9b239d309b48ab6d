"""Reads every file that its process has open without having opened it."""

from tests.hostile.attack_tools import LOOK, first

POINTS = {}

CODE = """
import os, stat

for descriptor in range(1024):
    try:
        mode = os.fstat(descriptor).st_mode
    except OSError:
        continue
    if stat.S_ISREG(mode):
        look(os.pread(descriptor, 100_000, 0).decode(errors="replace"), what="text")
    look(f"/proc/self/fd/{descriptor}" if stat.S_ISREG(mode) else "/dev/null")
    if stat.S_ISDIR(mode):
        for name in os.listdir(descriptor):
            look(name, what="text")
"""


def make(nb):
    first(nb, LOOK + CODE)
