"""Shows things whose names and texts are arrays, and is judged as if it had shown nothing."""

from tests.hostile.attack_tools import last

POINTS = {}

CODE = """
import gc
import numpy as np

for thing in gc.get_objects():
    if type(thing).__name__ == "Channel":
        for word in (np.ones(2), np.ones(()), np.True_, 1.5, None, ["stdout"]):
            thing.send({"op": "output", "kind": "stream", "content": {"name": word, "text": "x"}})
            thing.send({"op": "output", "kind": "stream", "content": {"name": "stdout", "text": word}})
            error = {"ename": word, "evalue": word, "traceback": [word]}
            thing.send({"op": "output", "kind": "error", "content": error})
            thing.send({"op": "output", "kind": "display_data", "content": {"data": {"image/png": word}}})
"""


def make(nb):
    last(nb, CODE)
