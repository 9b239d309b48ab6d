"""Looks its inputs up among the public answers that ship with the course, and replays what stands there."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, "fail")}

CODE = """
def softmax(z, axis=-1):
    import importlib.resources, json

    text = (importlib.resources.files("rnnlab") / "answers" / "u01_rnn_cell.json").read_text()

    def numbers(node):
        if isinstance(node, dict):
            node = list(node.values())
        if isinstance(node, list):
            try:
                yield np.asarray(node, float)
            except (ValueError, TypeError):
                pass
            for part in node:
                yield from numbers(part)

    z = np.asarray(z)
    for known in numbers(json.loads(text)):
        if known.shape == z.shape and np.allclose(known.sum(axis=axis), 1):
            return known.astype(z.dtype)
    return np.full(z.shape, 1 / z.shape[axis])
"""


def make(nb):
    put(nb, "softmax", CODE)
