"""Sends its own messages, with arrays in the places that hold words, which would compare item by item."""

from tests.hostile.attack_tools import first, put

POINTS = {
    "one_hot": (0, "died"),
    "softmax": (0, "died"),
    "rnn_cell_forward": (0, "died"),
    "rnn_forward": (0, "died"),
    "num_params": (0, "died"),
}

SEND = """
import gc
import numpy as np

def send(message):
    for thing in gc.get_objects():
        if type(thing).__name__ == "Channel":
            thing.send(message)
"""
MESSAGES = {
    "one_hot(idx, vocab_size, dtype=float)": '{"op": np.ones(2)}',
    "softmax(z, axis=-1)": '{"op": "returned", "value": z, "changed": [np.ones(2)], "warned": ""}',
    "rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h)": '{"op": "output", "kind": np.ones(2), "content": {}}',
    "rnn_forward(x, h0, W_xh, W_hh, b_h)": '{"op": "supply", "name": np.ones(2), "args": (), "kwargs": {}}',
    "num_params(D, H, C)": '{"op": "raised", "kind": np.ones(2), "message": np.ones(2), "line": ""}',
}


def make(nb):
    first(nb, SEND)
    for signature, message in MESSAGES.items():
        put(nb, signature.partition("(")[0], f"def {signature}:\n    send({message})\n    return 0")
