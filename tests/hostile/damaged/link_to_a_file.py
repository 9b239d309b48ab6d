"""A link to a file of the grader's."""

from autograder.paths import instructor_path
from tests.hostile.damage import NAME, UNIT

STATE = "unreadable"
SAYS = "is not a regular file, but a folder, link or device; ask the student for the file itself."


def make(folder, nb):
    (folder / NAME).symlink_to(instructor_path(UNIT))
