"""A link to itself."""

from tests.hostile.damage import NAME

STATE = "unreadable"
SAYS = "is not a regular file, but a folder, link or device; ask the student for the file itself."


def make(folder, nb):
    (folder / NAME).symlink_to(NAME)
