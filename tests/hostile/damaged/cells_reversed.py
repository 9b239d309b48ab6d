"""The cells stand in the opposite order."""

from tests.hostile.damage import put


def make(folder, nb):
    nb.cells.reverse()
    put(folder, nb)
