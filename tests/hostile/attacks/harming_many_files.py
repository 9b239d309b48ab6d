"""Makes empty files, folders and links in its temporary folders for as long as it can."""

from tests.hostile.attack_tools import append

POINTS = {"softmax": (0, {"timeout", "disk", "memory"})}
LIMITS = {"cell": 2.0}

CODE = """
import os

number = 0
while True:
    for folder in ("/tmp", "/dev/shm", "."):
        open(os.path.join(folder, f"left-behind-{number}"), "w").close()
    number += 1
"""


def make(nb):
    append(nb, "softmax", CODE)
