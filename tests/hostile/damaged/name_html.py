"""A name that is a script in HTML."""

from tests.hostile.damage import put

STUDENT = "<script>alert(1)<\u2044script>&amp;"


def make(folder, nb):
    put(folder, nb)
