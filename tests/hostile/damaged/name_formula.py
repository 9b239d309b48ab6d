"""A name that is a formula in spreadsheets."""

from tests.hostile.damage import put

STUDENT = "=1+1"


def make(folder, nb):
    put(folder, nb)
