"""Makes the check pass in a cell below it: replaces the functions, and what NumPy compares with."""

from tests.hostile.attack_tools import NOTHING, last, wrong

POINTS = NOTHING

CODE = """
import sys
import types

import numpy as np
import torch

one_hot = softmax = rnn_cell_forward = rnn_readout = rnn_forward = num_params = lambda *args, **kwargs: True
np.allclose = np.array_equal = lambda *args, **kwargs: True
softmax = lambda z, axis=-1: torch.softmax(torch.as_tensor(z), axis).numpy()
get_ipython().user_ns.update(softmax=softmax)
"""


def make(nb):
    wrong(nb)
    last(nb, CODE)
