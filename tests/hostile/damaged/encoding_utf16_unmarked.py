"""UTF-16 without a mark of byte order."""

import nbformat

from tests.hostile.damage import put


def make(folder, nb):
    put(folder, nbformat.writes(nb).encode("utf-16-be"))
