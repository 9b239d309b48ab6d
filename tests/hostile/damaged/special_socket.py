"""A socket in place of the notebook."""

import os
import socket

from tests.hostile.damage import NAME

STATE = "unreadable"
SAYS = "is not a regular file, but a folder, link or device; ask the student for the file itself."


def make(folder, nb):
    # The path of a socket is short, so it is made where we stand.
    before = os.getcwd()
    os.chdir(folder)
    try:
        with socket.socket(socket.AF_UNIX) as made:
            made.bind(NAME)
    finally:
        os.chdir(before)
