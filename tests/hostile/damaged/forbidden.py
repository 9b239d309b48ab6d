"""The grader may not read the file; root may."""

import os

from tests.hostile.damage import put

STATE = "graded" if os.geteuid() == 0 else "unreadable"
SAYS = "" if os.geteuid() == 0 else "may not be read by the grader; change its permissions."


def make(folder, nb):
    put(folder, nb).chmod(0)
