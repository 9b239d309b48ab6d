"""Shows an object whose text has two hundred million characters, and one whose text never ends."""

from tests.hostile.attack_tools import append

POINTS = {"softmax": (0, {"timeout", "output"})}
LIMITS = {"cell": 3.0}

CODE = """
class Huge:
    def __repr__(self):
        return "x" * 200_000_000

class Endless:
    def __repr__(self):
        while True:
            pass

display(Huge())
Endless()
"""


def make(nb):
    append(nb, "softmax", "from IPython.display import display\n" + CODE)
