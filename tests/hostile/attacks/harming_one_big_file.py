"""Writes a file larger than any file may be, with and without holes in it."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import os

for seek in (0, 2**40):
    try:
        with open("left-behind", "wb") as file:
            file.seek(seek)
            for _ in range(1000):
                file.write(bytes(2**20))
                file.flush()
    except OSError:
        pass
    else:
        raise AssertionError("wrote as much as it liked")
os.remove("left-behind")
try:
    os.truncate(os.open("left-behind", os.O_CREAT | os.O_RDWR), 2**50)
except OSError:
    pass
else:
    raise AssertionError("made a file as large as it liked")
"""


def make(nb):
    append(nb, "softmax", CODE)
