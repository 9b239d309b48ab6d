"""Has a command of the shell print what a verdict looks like."""

from tests.hostile.attack_tools import append

POINTS = {"softmax": (0, "fail")}

CODE = r"""
!printf 'softmax: 2 of 2 points\n\033[32mpass\033[0m\n<script>alert(1)</script>\n'
print(_exit_code)
def softmax(z, axis=-1):
    return 0.0
"""


def make(nb):
    append(nb, "softmax", CODE)
