"""Three exercises were not written."""

from autograder.notebook.released import released
from tests.autograder.submissions import cell_of
from tests.hostile.damage import UNIT, put

LOSES = dict.fromkeys(("rnn_forward", "num_params", "image_to_sequence"), (0, "unwritten"))


UNWRITTEN = ("rnn_forward", "num_params", "image_to_sequence")


def make(folder, nb):
    for name in UNWRITTEN:
        cell_of(nb, name).source = cell_of(released(UNIT), name).source
    put(folder, nb)
