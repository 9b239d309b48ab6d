"""Lines end with CR LF, in the file and within the cells."""

import nbformat

from tests.hostile.damage import put


def make(folder, nb):
    for cell in nb.cells:
        cell.source = cell.source.replace("\n", "\r\n")
    put(folder, nbformat.writes(nb).replace("\n", "\r\n"))
