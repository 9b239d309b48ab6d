"""A name that is a formula in Korean and Japanese spreadsheets: its equals sign has full width, after a space."""

from tests.hostile.damage import put

STUDENT = " \uff1d1+1"


def make(folder, nb):
    put(folder, nb)
