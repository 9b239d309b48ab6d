"""Writes random bytes and headers with huge lengths to every socket of its process while it is being called."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, "died")}

CODE = """
import os, socket, stat, struct

def softmax(z, axis=-1):
    frame = struct.pack(">4sIQ", b"RNN1", 2**32 - 1, 2**64 - 1) + os.urandom(1000)
    for descriptor in range(3, 256):
        try:
            if stat.S_ISSOCK(os.fstat(descriptor).st_mode):
                socket.socket(fileno=os.dup(descriptor)).send(frame, socket.MSG_DONTWAIT)
        except OSError:
            pass
    return 0.0
"""


def make(nb):
    put(nb, "softmax", CODE)
