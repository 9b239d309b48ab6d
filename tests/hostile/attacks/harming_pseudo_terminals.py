"""Opens pseudo-terminals, of which the whole machine has a few thousand."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import fcntl, os, pty

paths = ("/dev/ptmx", "/dev/pts/ptmx")
for make in (os.openpty, pty.fork, *(lambda path=path: os.open(path, os.O_RDWR) for path in paths)):
    try:
        made = make()
    except (OSError, FileNotFoundError):
        continue
    raise AssertionError(made)
"""


def make(nb):
    append(nb, "softmax", CODE)
