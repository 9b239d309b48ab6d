"""Submitted as it was released."""

import nbformat

from autograder.notebook.released import released
from tests.hostile.damage import FULL, UNIT, put

LOSES = dict.fromkeys(FULL, (0, "unwritten"))


def make(folder, nb):
    put(folder, nbformat.writes(released(UNIT)))
