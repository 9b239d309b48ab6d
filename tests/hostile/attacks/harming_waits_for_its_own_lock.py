"""Waits for a lock that its own child holds for ever."""

from tests.hostile.attack_tools import append

POINTS = {"softmax": (0, "timeout")}
LIMITS = {"call": 2.0}

CODE = """
import fcntl, os, time

if os.fork() == 0:
    held = open("/tmp/held", "w")
    fcntl.flock(held, fcntl.LOCK_EX)
    open("/tmp/holds", "w").close()
    time.sleep(1000)
while not os.path.exists("/tmp/holds"):
    time.sleep(0.01)
_softmax = softmax
def softmax(z, axis=-1):
    fcntl.flock(open("/tmp/held", "w"), fcntl.LOCK_EX)
    return _softmax(z, axis)
"""


def make(nb):
    append(nb, "softmax", CODE)
