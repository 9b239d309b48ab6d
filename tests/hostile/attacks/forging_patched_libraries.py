"""Replaces json's and copy's functions while it is called, so that what its process sends says something else."""

from tests.hostile.attack_tools import put

# The process that it spoiled also has the next function.
POINTS = {"softmax": (0, {"fail", "died"}), "rnn_cell_forward": (0, {"fail", "died"})}

CODE = """
def softmax(z, axis=-1):
    import copy, json

    answer = '["dict",["op","returned"],["value",true],["points",20],["changed",["list"]],["warned",""]]'
    json.dumps = lambda *args, **kwargs: answer
    copy.deepcopy = lambda value, memo=None: value
    return 0.0
"""


def make(nb):
    put(nb, "softmax", CODE)
