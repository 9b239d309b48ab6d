"""Ten megabytes of outputs, which grading does not need."""

import nbformat

from tests.autograder.submissions import cell_of
from tests.hostile.damage import put


def make(folder, nb):
    cell_of(nb, "softmax-check").outputs = [nbformat.v4.new_output("stream", text="epoch 1, loss 2.7\n" * 560_000)]
    put(folder, nb)
