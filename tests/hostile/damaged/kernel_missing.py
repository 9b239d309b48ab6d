"""The notebook has no kernel and no other metadata."""

import json

from tests.hostile.damage import put


def make(folder, nb):
    put(folder, json.dumps({**nb, "metadata": {}}))
