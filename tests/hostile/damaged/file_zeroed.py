"""All bytes are zero, as after a power failure."""

import nbformat

from tests.hostile.damage import put

STATE = "unreadable"
SAYS = "is not JSON, so it is damaged or no notebook; ask the student to resubmit it."


def make(folder, nb):
    put(folder, bytes(len(nbformat.writes(nb))))
