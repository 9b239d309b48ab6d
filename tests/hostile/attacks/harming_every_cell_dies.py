"""Ends its process in forty cells, one after the other."""

from tests.hostile.attack_tools import last

POINTS = {}


def make(nb):
    for _ in range(40):
        last(nb, "import os\nos._exit(0)")
