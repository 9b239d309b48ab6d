"""The JSON is nested a hundred thousand deep."""

import nbformat

from tests.hostile.damage import put

STATE = "unreadable"
SAYS = "is nested too deeply to be a notebook; ask the student to resubmit it."


def make(folder, nb):
    text = nbformat.writes(nb)
    put(folder, text.replace('"metadata": {}', '"metadata": {"x": ' + "[" * 100_000 + "]" * 100_000 + "}", 1))
