"""Takes leases on files and asks for notices of what changes in folders."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import fcntl, os

folder = os.open("/tmp", os.O_RDONLY)
file = os.open("/tmp/leased", os.O_RDWR | os.O_CREAT)
for descriptor, command, value in ((folder, fcntl.F_NOTIFY, 2), (file, fcntl.F_SETLEASE, fcntl.F_WRLCK)):
    try:
        fcntl.fcntl(descriptor, command, value)
    except OSError:
        continue
    raise AssertionError(command)
"""


def make(nb):
    append(nb, "softmax", CODE)
