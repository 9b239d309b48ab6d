"""The file does not say which version it is."""

import json

from tests.hostile.damage import put


def make(folder, nb):
    put(folder, json.dumps({"cells": nb.cells}))
