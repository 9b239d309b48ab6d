"""The timestamp is a pipe; reading it would wait for ever."""

import os

from tests.damage import put

SAYS = "timestamp.txt holds no time, so nobody knows whether this was late."


def make(folder, nb):
    put(folder, nb)
    os.mkfifo(folder / "timestamp.txt")
