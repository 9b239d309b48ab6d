"""Asks questions, waits for keys and for the end of files that never end."""

from tests.hostile.attack_tools import append

POINTS = {"softmax": (2, "pass"), "one_hot": (0, "timeout")}
LIMITS = {"cell": 2.0}

CODE = """
import sys

try:
    input("who is there? ")
except BaseException:
    pass
sys.stdin.read() if sys.stdin else None
"""
WAITS = """
import os

os.mkfifo("pipe")
open("pipe").read()
"""


def make(nb):
    append(nb, "softmax", CODE)
    append(nb, "one_hot", WAITS)
