"""Saved in the encoding of a Korean Windows."""

import nbformat

from tests.autograder.submissions import cell_of
from tests.hostile.damage import put


def make(folder, nb):
    cell_of(nb, "softmax").source += "\n# 가장 큰 값을 뺀다"
    put(folder, nbformat.writes(nb).encode("cp949", errors="replace"))
