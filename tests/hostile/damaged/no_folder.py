"""A file lies where the folder should be."""

STATE = "unreadable"
SAYS = "u01_rnn_cell.ipynb is missing; ask the student to submit it."


def make(folder, nb):
    folder.rmdir()
    folder.write_text("{}")
