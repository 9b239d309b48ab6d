"""Hands in every check three times, with other texts, kinds and recorded results."""

import copy

from nbformat.v4 import new_output

from tests.hostile.attack_tools import NOTHING, checks, wrong

POINTS = NOTHING


def make(nb):
    wrong(nb)
    for cell in checks(nb):
        for at, source in enumerate(("20", "None")):
            again = copy.deepcopy(cell)
            again.update(source=source, outputs=[new_output("execute_result", data={"text/plain": "20"})])
            nb.cells.insert(at * 5, again)
