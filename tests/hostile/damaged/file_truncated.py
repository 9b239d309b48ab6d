"""The file ends in the middle."""

import nbformat

from tests.hostile.damage import put

STATE = "unreadable"
SAYS = "is not JSON, so it is damaged or no notebook; ask the student to resubmit it."


def make(folder, nb):
    text = nbformat.writes(nb)
    put(folder, text[: len(text) // 2])
