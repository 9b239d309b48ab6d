"""The folder is empty."""

STATE = "unreadable"
SAYS = "u01_rnn_cell.ipynb is missing; ask the student to submit it."


def make(folder, nb):
    pass
