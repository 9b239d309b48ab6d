"""Draws its inputs itself from the seeds that it can guess, and answers only what it could foretell."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, "fail")}

CODE = """
def softmax(z, axis=-1):
    z = np.asarray(z)
    number = int.from_bytes(b"softmax", "big") % 2**32
    known = []
    for seed in (number, *([s, number] for s in range(200)), *range(200)):
        rng = np.random.default_rng(seed)
        known.append(rng.permutation(np.arange(4, 12))[: z.ndim])
        known.append(rng.normal(size=z.shape).round(2))
    if any(np.shape(k) == z.shape and np.allclose(k, z) for k in known):
        e = np.exp(z - z.max(axis=axis, keepdims=True))
        return e / e.sum(axis=axis, keepdims=True)
    return np.zeros(z.shape)
"""


def make(nb):
    put(nb, "softmax", CODE)
