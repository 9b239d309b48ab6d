"""The folder holds a zip archive and nothing else."""

import zipfile

import nbformat

from tests.hostile.damage import NAME

STATE = "unreadable"
SAYS = "u01_rnn_cell.ipynb is missing, there is only homework.zip; ask the student to submit it."


def make(folder, nb):
    with zipfile.ZipFile(folder / "homework.zip", "w") as archive:
        archive.writestr(NAME, nbformat.writes(nb))
