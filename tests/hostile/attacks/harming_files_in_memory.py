"""Fills every temporary folder until it is full, and answers rightly only if it gets full."""

from tests.hostile.attack_tools import append

POINTS = {}
LIMITS = {"file_size": 16 * 2**20, "temporary": 32 * 2**20}

CODE = """
import os

def fill(folder):
    written = 0
    for number in range(40):
        try:
            with open(os.path.join(folder, f"left-behind-{number}"), "wb") as file:
                while True:
                    written += file.write(bytes(2**20))
        except OSError:
            pass
    return written

for folder in ("/tmp", "/dev/shm", os.path.expanduser("~")):
    assert 0 < fill(folder) < 100 * 2**20, folder
"""


def make(nb):
    append(nb, "softmax", CODE)
