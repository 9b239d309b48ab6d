"""The file holds a JSON list."""

import json

from tests.hostile.damage import put

STATE = "unreadable"
SAYS = "is JSON, but not a notebook"


def make(folder, nb):
    put(folder, json.dumps(nb.cells))
