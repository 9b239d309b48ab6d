"""Writes without end to its standard output and error past Python, and from a thread."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import os, threading

def flood(descriptor):
    try:
        for _ in range(5000):
            os.write(descriptor, b"x" * 65536)
    except OSError:
        pass

for descriptor in (1, 2):
    threading.Thread(target=flood, args=(descriptor,), daemon=True).start()
"""


def make(nb):
    append(nb, "softmax", CODE)
