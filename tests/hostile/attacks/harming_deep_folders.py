"""Makes folders in folders until no path names them any more, and takes all rights from them."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import os

for _ in range(3000):
    os.mkdir("left-behind-" + "x" * 200)
    os.chdir("left-behind-" + "x" * 200)
os.chmod(".", 0)
try:
    os.chmod(os.path.expanduser("~"), 0)
except PermissionError:
    pass  # root's bubblewrap keeps it
"""


def make(nb):
    append(nb, "softmax", CODE)
