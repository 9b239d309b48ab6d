"""Watches the same files under many numbers, in many lists of watches."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
import os, select

makers = (getattr(select, "epoll", None), lambda: select.epoll(5))
for make in makers:
    try:
        watches = [make() for _ in range(50)]
    except (OSError, TypeError):
        continue
    for number in range(60, 120):
        os.dup2(os.pipe()[0], number)
        for each in watches:
            each.register(number)
    raise AssertionError("watched")
"""


def make(nb):
    append(nb, "softmax", CODE)
