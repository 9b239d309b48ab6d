"""A name with quotes of all kinds."""

from tests.hostile.damage import put

STUDENT = """Sean "o'Brien" `id` $HOME"""


def make(folder, nb):
    put(folder, nb)
