"""The whole folder is a link to another student's."""

from tests.hostile.damage import UNIT

STATE = "unreadable"
SAYS = "the folder of u01_rnn_cell is a link; ask the student for the files themselves."


def make(folder, nb):
    folder.rmdir()
    folder.symlink_to(f"../untouched/{UNIT}")
