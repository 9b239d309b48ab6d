"""UTF-8 with a byte-order mark."""

import nbformat

from tests.hostile.damage import put


def make(folder, nb):
    put(folder, nbformat.writes(nb).encode("utf-8-sig"))
