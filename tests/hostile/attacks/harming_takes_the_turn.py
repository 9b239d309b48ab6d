"""Takes the name by which graders agree who makes room, so that nobody is ever ended."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = r"""
import socket

taken = socket.socket(socket.AF_UNIX)
taken.bind("\0autograder-makes-room")
taken.listen()
"""


def make(nb):
    append(nb, "softmax", CODE)
