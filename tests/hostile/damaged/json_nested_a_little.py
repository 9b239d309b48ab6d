"""Metadata are nested deeper than Python likes to walk, but not to read."""

import nbformat

from tests.hostile.damage import put


def make(folder, nb):
    text = nbformat.writes(nb)
    put(folder, text.replace('"metadata": {}', '"metadata": {"x": ' + "[" * 700 + "]" * 700 + "}", 1))
