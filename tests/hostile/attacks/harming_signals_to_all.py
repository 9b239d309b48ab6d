"""Sends every signal to every process that it can see, by number, by group and all at once."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, "died")}

CODE = """
def softmax(z, axis=-1):
    import os, signal

    for number in (signal.SIGSTOP, signal.SIGKILL):
        for pid in (@grader@, @bystander@, os.getppid(), 1, 2, -1, 0):
            try:
                os.kill(pid, number) if pid != 0 else os.killpg(0, number)
            except OSError:
                pass
    os._exit(1)
"""


def make(nb):
    put(nb, "softmax", CODE.replace("(signal.SIGSTOP, signal.SIGKILL)", "(signal.SIGTERM, signal.SIGKILL)"))
