"""Tries the few possible answers of a choice question one by one, which nothing can prevent: it gets the points."""

from tests.corpus import put

POINTS = {}

CODE = """
def classify_task(name):
    import hashlib, importlib.resources

    text = (importlib.resources.files("rnnlab") / "answers" / "u01_rnn_cell.json").read_text()
    for answer in ("one-to-one", "one-to-many", "many-to-one", "many-to-many", "many-to-many (aligned)",
                   "many-to-many (synced)", "many-to-many (delayed)", *TYPES):
        if hashlib.sha256(f"{name}|{answer}".encode()).hexdigest() in text:
            return answer
    raise KeyError(name)
"""


def make(nb):
    put(nb, "classify_task", CODE)
