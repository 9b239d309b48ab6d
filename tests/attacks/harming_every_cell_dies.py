"""Ends its process in forty cells, one after the other."""

from tests.corpus import FULL, last

POINTS = dict.fromkeys(FULL, (None, {"pass", "died"}))
SECONDS = 60


def make(nb):
    for _ in range(40):
        last(nb, "import os\nos._exit(0)")
