"""A notebook of format 3, as Jupyter wrote it before 2014."""

import json

import nbformat

from tests.hostile.damage import put


def make(folder, nb):
    put(folder, json.dumps(nbformat.v4.downgrade(nb)))
