"""Puts the tag on its checks that keeps nbgrader from executing them."""

from tests.hostile.attack_tools import NOTHING, checks, wrong

POINTS = NOTHING


def make(nb):
    wrong(nb)
    for cell in checks(nb):
        cell.metadata["tags"] = ["skip-execution", "raises-exception"]
