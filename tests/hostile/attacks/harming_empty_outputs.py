"""Shows a million outputs in which there is nothing, and a million empty messages besides."""

from tests.hostile.attack_tools import last

POINTS = {}
LIMITS = {"total_flood_bytes": 32 * 2**20}

CODE = """
from IPython.display import display

for _ in range(1000):
    display({"text/plain": ""}, raw=True)
    get_ipython().send("stream", {"name": "stdout", "text": ""})
"""


def make(nb):
    for _ in range(900):
        last(nb, CODE)
