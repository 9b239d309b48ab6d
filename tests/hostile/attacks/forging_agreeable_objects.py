"""Returns numbers, strings and other objects that say they are equal to whatever they are compared with."""

from tests.hostile.attack_tools import FULL, NOTHING, first, wrong

POINTS = NOTHING

CODE = """
class Yes:
    shape, ndim, size = (), 0, 1
    __eq__ = __ge__ = __le__ = lambda self, other: True
    __ne__ = __lt__ = __gt__ = lambda self, other: False
    __hash__ = lambda self: 0
    __float__ = lambda self: 1.0
    __index__ = __int__ = __len__ = lambda self: 1
    __array__ = lambda self, *args, **kwargs: np.zeros(())
    __getattr__ = lambda self, name: self

class Number(Yes, float):
    pass

class Text(Yes, str):
    pass
"""


def make(nb):
    wrong(nb)
    first(nb, "import numpy as np\n" + CODE)
    for cell in nb.cells:
        if cell.id in FULL:
            kind = {"num_params": "Number(3)", "classify_task": "Text('any')"}.get(cell.id, "Yes()")
            cell.source = cell.source.replace("return 0.0", f"return {kind}")
