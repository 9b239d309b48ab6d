"""Returns arrays of nan, of no elements, of one repeated element, and of other shapes and types than asked."""

from tests.hostile.attack_tools import put

POINTS = dict.fromkeys(("one_hot", "softmax", "rnn_cell_forward", "rnn_readout", "image_to_sequence"), (0, "fail"))

CODE = {
    "one_hot": """
def one_hot(idx, vocab_size, dtype=np.float64):
    return np.lib.stride_tricks.as_strided(np.ones(1), (*np.shape(idx), vocab_size), (0,) * (np.ndim(idx) + 1))
""",
    "softmax": """
def softmax(z, axis=-1):
    return np.full(np.shape(z), np.nan)
""",
    "rnn_cell_forward": """
def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):
    return np.full(h_prev.shape, np.inf), None
""",
    "rnn_readout": """
def rnn_readout(h_all, W_hy, b_y, mode):
    return np.zeros((0,) * 30)
""",
    "image_to_sequence": """
def image_to_sequence(images, order):
    return images.astype(np.dtype([("pixel", float)]))
""",
}


def make(nb):
    for exercise, code in CODE.items():
        put(nb, exercise, code)
