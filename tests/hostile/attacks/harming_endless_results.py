"""Returns lists that hold themselves, that are nested ten thousand times, and that hold a million items."""

from tests.hostile.attack_tools import put

POINTS = {
    exercise: (0, {"fail", "timeout"}) for exercise in ("softmax", "rnn_readout", "image_to_sequence", "num_params")
}

CODE = {
    "softmax": """
def softmax(z, axis=-1):
    itself = []
    itself.append(itself)
    return itself
""",
    "rnn_readout": """
def rnn_readout(h_all, W_hy, b_y, mode):
    nested = {}
    for _ in range(10_000):
        nested = {"deeper": (nested,)}
    return nested
""",
    "image_to_sequence": """
def image_to_sequence(images, order):
    return [0] * 1_000_000
""",
    "num_params": """
def num_params(D, H, C):
    return {str(number): number for number in range(300_000)}
""",
}


def make(nb):
    for exercise, code in CODE.items():
        put(nb, exercise, code)
