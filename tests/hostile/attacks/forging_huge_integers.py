"""Returns a whole number of a thousand bits where a float is expected, which no float can hold."""

from tests.hostile.attack_tools import put

UNIT = "u02_bptt"
POINTS = {"relative_error": (0, "fail")}

CODE = """
def relative_error(a, b):
    return 2**1024 - 1
"""


def make(nb):
    put(nb, "relative_error", CODE)
