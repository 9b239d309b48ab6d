"""Returns and raises objects whose types have no name."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, "fail"), "rnn_readout": (0, {"error", "fail"})}

CODE = """
def softmax(z, axis=-1):
    return type("", (), {})()
"""
RAISES = """
def rnn_readout(h_all, W_hy, b_y, mode):
    raise type("", (Exception,), {})()
"""


def make(nb):
    put(nb, "softmax", CODE)
    put(nb, "rnn_readout", RAISES)
