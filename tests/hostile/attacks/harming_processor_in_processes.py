"""Keeps the processor busy with processes that go on after the call that started them."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import os

for _ in range(4):
    if os.fork() == 0:
        os.setsid()
        while True:
            pass
"""


def make(nb):
    append(nb, "one_hot", CODE)
