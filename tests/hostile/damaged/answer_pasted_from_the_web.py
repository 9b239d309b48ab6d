"""An answer is indented with spaces that do not break, as web pages have them."""

from tests.autograder.submissions import cell_of
from tests.hostile.damage import put

LOSES = {"softmax": (0, "not_run")}


def make(folder, nb):
    answer = cell_of(nb, "softmax")
    answer.source = answer.source.replace("    ", "\xa0" * 4)
    put(folder, nb)
