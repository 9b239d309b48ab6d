"""The folder is empty."""

STATE = "unreadable"
SAYS = "u01_rnn_cell.ipynb is missing; ask for it."


def make(folder, nb):
    pass
