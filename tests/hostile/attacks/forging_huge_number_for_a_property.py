"""Is right until the questions are over, and then returns a number that no float can hold."""

from tests.hostile.attack_tools import append

POINTS = {"softmax": (0, {"fail", "error"})}

CODE = """
right_{name}, calls_{name} = {name}, []

def {name}(*args, **kwargs):
    calls_{name}.append(1)
    if len(calls_{name}) > {calls}:
        return 2**1000
    return right_{name}(*args, **kwargs)

{name}.__signature__ = __import__("inspect").signature(right_{name})
"""


def make(nb):
    append(nb, "softmax", CODE.format(name="softmax", calls=9))
