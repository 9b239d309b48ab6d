"""Saved as Latin-1; letters of other alphabets are lost."""

import nbformat

from tests.autograder.submissions import cell_of
from tests.hostile.damage import put


def make(folder, nb):
    cell_of(nb, "softmax").source += "\n# numéros de séquence"
    put(folder, nbformat.writes(nb).encode("latin-1", errors="replace"))
