"""The timestamp is a pipe; reading it would wait for ever."""

import os

from tests.hostile.damage import put

SAYS = "timestamp.txt has no valid time; lateness was not determined."


def make(folder, nb):
    put(folder, nb)
    os.mkfifo(folder / "timestamp.txt")
