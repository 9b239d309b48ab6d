"""Waits in a thread until the judge calls, then replaces functions and results while they are on their way."""

from tests.hostile.attack_tools import NOTHING, last, wrong

POINTS = NOTHING

CODE = """
import gc, threading, time

def wait(names=globals()):
    while True:
        for name in ("one_hot", "softmax", "rnn_readout", "num_params"):
            names[name] = lambda *args, **kwargs: True
        for found in gc.get_objects():
            if isinstance(found, dict) and "op" in found and "value" in found:
                found["points"] = 20
                found["value"] = True
        time.sleep(0.01)

threading.Thread(target=wait, daemon=True).start()
"""


def make(nb):
    wrong(nb)
    last(nb, CODE)
