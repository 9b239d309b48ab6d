"""A device that gives zeros for ever; whoever may not make one links to it."""

import os
import stat

from tests.hostile.damage import NAME

STATE = "unreadable"
SAYS = "is not a regular file, but a folder, link or device; ask the student for the file itself."


def make(folder, nb):
    if os.geteuid() == 0:
        os.mknod(folder / NAME, 0o666 | stat.S_IFCHR, os.makedev(1, 5))
    else:
        (folder / NAME).symlink_to("/dev/zero")
