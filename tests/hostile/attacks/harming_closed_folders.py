"""Takes all rights to its folders away from itself, and its files from the next one."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import os

os.umask(0o777)
for folder in ("/tmp", "/home/student", "/dev/shm", "/tmp/matplotlib"):
    try:
        os.chmod(folder, 0)
    except OSError:
        pass
"""


def make(nb):
    append(nb, "softmax", CODE)
