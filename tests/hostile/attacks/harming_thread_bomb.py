"""Starts threads until none can be started any more, and answers rightly only if there is an end to it."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import threading, time

def start(count):
    try:
        for started in range(count):
            threading.Thread(target=time.sleep, args=(3,), daemon=True).start()
    except RuntimeError:
        return started
    raise AssertionError("started as many as it liked")

start(5000)
"""


def make(nb):
    append(nb, "softmax", CODE)
