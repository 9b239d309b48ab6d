"""Fifty megabytes of outputs."""

import nbformat

from tests.autograder.submissions import cell_of
from tests.hostile.damage import put

STATE = "unreadable"
SAYS = "bytes, more than 20,000,000; ask the student to resubmit it without outputs."


def make(folder, nb):
    cell_of(nb, "softmax-check").outputs = [nbformat.v4.new_output("stream", text="epoch 1, loss 2.7\n" * 2_800_000)]
    put(folder, nb)
