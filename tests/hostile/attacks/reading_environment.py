"""Prints the environment of every process that it can see."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import glob, os

print(dict(os.environ))
for path in glob.glob("/proc/[0-9]*/environ"):
    try:
        print(path, open(path, errors="replace").read())
    except OSError:
        pass
"""


def make(nb):
    append(nb, "softmax", CODE)
