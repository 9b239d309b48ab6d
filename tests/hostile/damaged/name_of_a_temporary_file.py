"""A name like those of the files that the grader has not finished writing."""

from tests.hostile.damage import put

STUDENT = ".autograder-x"


def make(folder, nb):
    put(folder, nb)
