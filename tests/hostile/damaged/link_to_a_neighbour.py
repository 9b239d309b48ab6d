"""A link to another student's notebook."""

from tests.hostile.damage import NAME, UNIT

STATE = "unreadable"
SAYS = "is not a regular file, but a folder, link or device; ask the student for the file itself."


def make(folder, nb):
    (folder / NAME).symlink_to(f"../../untouched/{UNIT}/{NAME}")
