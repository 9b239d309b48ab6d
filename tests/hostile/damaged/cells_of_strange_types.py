"""Among the cells are numbers, lists and cells of unknown kinds."""

import json

from tests.hostile.damage import put


def make(folder, nb):
    put(folder, json.dumps({**nb, "cells": [3, None, [], {}, {"cell_type": "sql", "source": "1"}, *nb.cells]}))
