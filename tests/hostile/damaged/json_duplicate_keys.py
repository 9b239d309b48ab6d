"""Every cell has two sources, as a bad merge leaves them; the last counts, as in Jupyter."""

import nbformat

from tests.hostile.damage import put


def make(folder, nb):
    put(folder, nbformat.writes(nb).replace('"source": [', '"source": ["1/0"],\n   "source": ['))
