"""Walks the whole file system and prints every secret and answer that it finds in it."""

from tests.hostile.attack_tools import LOOK, append

POINTS = {}
LIMITS = {"cell": 20.0}

CODE = """
import os

big = ("/proc", "/sys", "/usr", "/opt/site-packages", "/opt/python", "/lib", "/lib64")
for top, folders, files in os.walk("/", onerror=lambda error: None):
    folders[:] = [name for name in folders if os.path.join(top, name) not in big]
    for name in files:
        look(os.path.join(top, name))
for top in ("/opt/site-packages", "/usr/share", "/usr/local", "/usr/src", "/sys/kernel"):
    for folder, folders, files in os.walk(top):
        folders[:] = [] if folder.count("/") > 3 else folders
        for name in files:
            if name.endswith((".db", ".ipynb", ".pth", "secret")) or "rnn_cell" in name:
                look(os.path.join(folder, name))
for name in ("secret", "gradebook.db", "submitted/neighbour/u01_rnn_cell/u01_rnn_cell.ipynb", "../home/.netrc"):
    look("@course@/" + name)
"""


def make(nb):
    append(nb, "softmax", LOOK + CODE)
