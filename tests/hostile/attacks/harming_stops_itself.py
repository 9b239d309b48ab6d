"""Stops its process, and every other that it can see, so that nothing ends and nothing goes on."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, "timeout")}
LIMITS = {"call": 1.0}

CODE = """
def softmax(z, axis=-1):
    import os, signal

    for pid in [@grader@, @bystander@, os.getppid(), *(int(n) for n in os.listdir("/proc") if n.isdigit())]:
        try:
            os.kill(pid, signal.SIGSTOP)
        except OSError:
            pass
    os.kill(os.getpid(), signal.SIGSTOP)
"""


def make(nb):
    put(nb, "softmax", CODE)
