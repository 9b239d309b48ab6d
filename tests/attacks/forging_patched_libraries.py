"""Replaces json, struct, copy and the socket's methods, so that what its process sends says something else."""

from tests.corpus import put

POINTS = {"softmax": (0, {"fail", "died"})}

CODE = """
def softmax(z, axis=-1):
    import copy, json, socket, struct

    answer = '["dict",["op","returned"],["value",true],["points",20],["changed",["list"]],["warned",""]]'
    json.dumps = lambda *args, **kwargs: answer
    copy.deepcopy = lambda value, memo=None: value
    struct.Struct.pack = None
    return 0.0
"""


def make(nb):
    put(nb, "softmax", CODE.replace("    struct.Struct.pack = None\n", ""))
