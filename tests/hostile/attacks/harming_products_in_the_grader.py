"""Returns an array, when it is asked again, that the judge multiplies with its own into a huge table."""

from tests.hostile.attack_tools import append

UNIT = "u02_bptt"
POINTS = {"sequence_cross_entropy": (0, "fail")}

CODE = """
right_loss, asked = sequence_cross_entropy, set()

def sequence_cross_entropy(logits, targets, mask=None):
    loss, dlogits = right_loss(logits, targets, mask)
    question = logits.tobytes() + (b"" if mask is None else mask.tobytes())
    if question in asked:
        return loss, np.ones((500_000, 1, 1, 1))
    asked.add(question)
    return loss, dlogits
"""


def make(nb):
    append(nb, "sequence_cross_entropy", CODE)
