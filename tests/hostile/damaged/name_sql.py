"""A name that ends an SQL statement."""

from tests.hostile.damage import put

STUDENT = "Robert'); DROP TABLE student;--"


def make(folder, nb):
    put(folder, nb)
