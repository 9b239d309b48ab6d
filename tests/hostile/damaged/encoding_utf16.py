"""Saved as UTF-16 by an editor on Windows."""

import nbformat

from tests.hostile.damage import put


def make(folder, nb):
    put(folder, nbformat.writes(nb).encode("utf-16"))
