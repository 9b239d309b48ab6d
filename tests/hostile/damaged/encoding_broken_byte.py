"""One byte of a comment is no UTF-8."""

import nbformat

from tests.autograder.submissions import cell_of
from tests.hostile.damage import put


def make(folder, nb):
    cell_of(nb, "softmax").source += "\n# BROKEN"
    put(folder, nbformat.writes(nb).encode().replace(b"BROKEN", b"\xff"))
