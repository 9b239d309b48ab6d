"""A version of the format that does not exist."""

import json

from tests.hostile.damage import put


def make(folder, nb):
    nb.nbformat, nb.nbformat_minor = 99, 99
    put(folder, json.dumps(nb))
