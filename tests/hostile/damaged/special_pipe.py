"""A pipe in place of the notebook; reading it would wait for ever."""

import os

from tests.hostile.damage import NAME

STATE = "unreadable"
SAYS = "is not a regular file, but a folder, link or device; ask the student for the file itself."


def make(folder, nb):
    os.mkfifo(folder / NAME)
