"""Computes its first call rightly and returns that result ever after."""

from tests.hostile.attack_tools import put

POINTS = {"rnn_readout": (0, "fail")}

CODE = """
first = []

def rnn_readout(h_all, W_hy, b_y, mode):
    if not first:
        first.append(h_all @ W_hy + b_y)
    return first[0]
"""


def make(nb):
    put(nb, "rnn_readout", CODE)
