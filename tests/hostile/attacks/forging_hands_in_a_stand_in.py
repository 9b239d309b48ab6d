"""Hands in the functions with which the course's demonstrations run while an answer is missing."""

import textwrap

from tests.hostile.attack_tools import append, first, put, unwritten

POINTS = {
    "one_hot": (0, "unwritten"),
    "softmax": (0, "error"),
    "rnn_cell_forward": (0, "error"),
    "rnn_readout": (0, {"error", "missing", "not_run"}),
    "rnn_forward": (0, "unwritten"),
    "image_to_sequence": (0, {"error", "missing", "not_run"}),
}

# In a reader's notebook each of these ways gives a right function.
ASKS_IN_THE_ANSWER = """
def softmax(z, axis=-1):
    own = {"softmax": None}
    exec("from rnnlab import stand_in; stand_in('softmax')", own)
    return own["softmax"](z, axis)
"""
CALLS_BY_NAME = """
def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):
    from rnnlab.standins import u01_rnn_cell

    return u01_rnn_cell.rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h)
"""
# Defines the right function only where a file or module of any unit is found.
LOOKS_FOR_EVERY_UNIT = """
import importlib
import pathlib
import rnnlab
from rnnlab.specs import UNITS

found = list((pathlib.Path(rnnlab.__file__).parent / "standins").rglob("*"))
for unit in UNITS:
    try:
        found.append(importlib.import_module(f"rnnlab.standins.{unit}"))
    except ImportError:
        pass
if found:
"""


def make(nb):
    unwritten(nb, "one_hot", "rnn_forward")
    append(nb, "one_hot", "from rnnlab import stand_in\nstand_in('one_hot')")
    append(nb, "rnn_forward", "from rnnlab import stand_in\nstand_in('rnn_forward')")
    put(nb, "softmax", ASKS_IN_THE_ANSWER)
    put(nb, "rnn_cell_forward", CALLS_BY_NAME)
    put(nb, "rnn_readout", "from rnnlab.standins.u01_rnn_cell import rnn_readout")
    answer = next(cell.source for cell in nb.cells if cell.id == "image_to_sequence")
    put(nb, "image_to_sequence", LOOKS_FOR_EVERY_UNIT + textwrap.indent(answer, "    ") + "\n")
    first(nb, "from rnnlab import stand_in\nstand_in('one_hot', 'softmax', 'rnn_forward', 'image_to_sequence')")
