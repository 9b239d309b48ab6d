"""Overflows the stack of the interpreter: the text and the end of a list nested a million times."""

from tests.hostile.attack_tools import put

POINTS = {"softmax": (0, {"error", "died", "fail"})}

CODE = """
def softmax(z, axis=-1):
    import ctypes, json

    nested = []
    for _ in range(1_000_000):
        nested = [nested]
    for text in (json.dumps, repr, hash):
        try:
            text(nested)
        except (RecursionError, TypeError):
            pass
    ctypes.CDLL(None).qsort(ctypes.create_string_buffer(10**6), 10**6, 1, None)
    return nested
"""


def make(nb):
    put(nb, "softmax", CODE)
