"""Starts processes that leave their session, ignore every signal and want to outlive the run."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import os, signal, time

for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            for number in range(1, 65):
                try:
                    signal.signal(number, signal.SIG_IGN)
                except (OSError, ValueError):
                    pass
            time.sleep(1000)
        os._exit(0)
"""


def make(nb):
    append(nb, "softmax", CODE)
