"""The file holds the markers of a merge conflict."""

import nbformat

from tests.hostile.damage import put

STATE = "unreadable"
SAYS = "is not JSON, so it is damaged or no notebook; ask the student to resubmit it."


def make(folder, nb):
    lines = nbformat.writes(nb).splitlines()
    half = len(lines) // 2
    put(folder, "\n".join([*lines[:half], "<<<<<<< HEAD", lines[half], "=======", lines[half], ">>>>>>> mine"]))
