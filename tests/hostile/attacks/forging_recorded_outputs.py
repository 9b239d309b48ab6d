"""Hands its checks in with the outputs of a right submission: points, table and all."""

from nbformat.v4 import new_output

from tests.hostile.attack_tools import FULL, NOTHING, checks, wrong

POINTS = NOTHING


def make(nb):
    wrong(nb)
    for cell in checks(nb):
        points = str(FULL[cell.id.removesuffix("-check")])
        page = f"<b>{points} of {points} points</b>"
        cell.outputs = [new_output("execute_result", data={"text/plain": points, "text/html": page})]
        cell.execution_count = 1
