"""Climbs out of its root folder by dots, links, open folders, chroot and other processes' roots."""

from tests.hostile.attack_tools import LOOK, append

POINTS = {}

CODE = """
import os

up = "../" * 30
roots = (f"/proc/{pid}/{name}/" for pid in (1, "self", os.getppid(), @grader@) for name in ("root", "cwd", "root/.."))
for path in (up, *roots):
    look(path + "@course@".lstrip("/") + "/secret")
    look(path + "root/.bash_history")
    look(path + "etc/shadow", what="exists")
try:
    os.symlink("@course@/secret", "link")
    look("link")
    above = os.open("/", os.O_RDONLY)
    os.mkdir("below")
    os.chroot("below")
    os.fchdir(above)
    look(up + "@course@/secret")
except OSError:
    pass
"""


def make(nb):
    append(nb, "softmax", LOOK + CODE)
