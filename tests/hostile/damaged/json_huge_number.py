"""A number in the metadata has ten thousand digits."""

import nbformat

from tests.hostile.damage import put


def make(folder, nb):
    put(folder, nbformat.writes(nb).replace('"nbformat_minor": 5', '"nbformat_minor": ' + "9" * 10_000))
