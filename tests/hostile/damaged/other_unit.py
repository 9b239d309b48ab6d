"""The notebook of another unit, under the name of this one."""

from autograder.paths import instructor_path
from tests.hostile.damage import put

STATE = "unreadable"
SAYS = "is a notebook of unit u02_bptt, not of u01_rnn_cell; submit the right one."


def make(folder, nb):
    put(folder, instructor_path("u02_bptt").read_bytes())
