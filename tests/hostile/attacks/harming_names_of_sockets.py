"""Takes as many names of sockets as it can have, in the file system and outside of it."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = r"""
import socket

held = []
try:
    for at in range(1000):
        for name in (f"/tmp/{at}", f"\0{at}"):
            held.append(socket.socket(socket.AF_UNIX))
            held[-1].bind(name)
            held[-1].listen(1)
except OSError:
    pass
del held
"""


def make(nb):
    append(nb, "softmax", CODE)
