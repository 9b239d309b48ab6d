"""Turns its process into another program, which never ends."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, {"timeout", "died"})}
LIMITS = {"call": 1.0}

CODE = """
def softmax(z, axis=-1):
    import os

    os.execv("/bin/sh", ["sh", "-c", "trap '' TERM INT HUP; while :; do sleep 1; done"])
"""


def make(nb):
    put(nb, "softmax", CODE)
