"""Asks the judge, over the agent's channel, to compute the very function that is being judged."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, "died")}

CODE = """
import gc

def softmax(z, axis=-1):
    for found in gc.get_objects():
        if type(found).__name__ == "Channel":
            found.send({"op": "supply", "name": "softmax", "args": (z, axis), "kwargs": {}})
            answer = found.receive()
            return answer["value"]
    return 0.0
"""


def make(nb):
    put(nb, "softmax", CODE)
