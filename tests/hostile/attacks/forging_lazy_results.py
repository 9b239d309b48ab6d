"""Returns generators, strings of numbers, masked arrays and objects that become arrays when they are looked at."""

from tests.hostile.attack_tools import put

POINTS = dict.fromkeys(("one_hot", "softmax", "rnn_readout", "num_params", "image_to_sequence"), (0, "fail"))

CODE = {
    "one_hot": """
def one_hot(idx, vocab_size, dtype=np.float64):
    return (row for row in np.eye(vocab_size)[np.asarray(idx, int)])
""",
    "softmax": """
class Later:
    def __init__(self, z):
        self.z = z
    def __array__(self, dtype=None, copy=None):
        e = np.exp(self.z - self.z.max(axis=-1, keepdims=True))
        return e / e.sum(axis=-1, keepdims=True)

def softmax(z, axis=-1):
    return Later(np.asarray(z))
""",
    "rnn_readout": """
def rnn_readout(h_all, W_hy, b_y, mode):
    scores = h_all @ W_hy
    return np.ma.masked_array(scores, mask=np.ones(scores.shape, bool))
""",
    "num_params": """
def num_params(D, H, C):
    return str(D * H + H * H + H + H * C + C)
""",
    "image_to_sequence": """
def image_to_sequence(images, order):
    return np.array(images.tolist(), dtype=object)
""",
}


def make(nb):
    for exercise, code in CODE.items():
        put(nb, exercise, code)
