"""Takes almost as long as it may for every call of every function."""

from tests.hostile.attack_tools import FULL, append

POINTS = dict.fromkeys(FULL, (0, "timeout"))
LIMITS = {"call": 2.0, "submission": 10.0}  # there are about eighty calls

CODE = """
unhurried = globals()[{name!r}]

def {name}(*args, unhurried=unhurried, **kwargs):
    import time

    time.sleep(1.7)
    return unhurried(*args, **kwargs)

{name}.__signature__ = __import__("inspect").signature(unhurried)
"""


def make(nb):
    for exercise in FULL:
        append(nb, exercise, CODE.format(name=exercise))
