"""An answer is imported from a module of the student's own, which lies beside the notebook and reads data there."""

from tests.autograder.submissions import cell_of
from tests.hostile.damage import put


def make(folder, nb):
    answer = cell_of(nb, "softmax")
    put(folder, f"import numpy as np\n\nassert np.loadtxt('data.txt') == 3\n\n{answer.source}", "mytools.py")
    put(folder, "3", "data.txt")
    answer.source = "from mytools import softmax"
    put(folder, nb)
