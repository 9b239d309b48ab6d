"""Takes over the import statement, so that whatever grades it imports fakes."""

from tests.hostile.attack_tools import NOTHING, first, wrong

POINTS = NOTHING

CODE = """
import builtins, importlib.abc, importlib.machinery, sys

real = builtins.__import__

class Anything:
    __path__ = []
    __spec__ = None
    def __getattr__(self, name):
        return lambda *args, **kwargs: 20

class Finder(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("solutions", "autograder", "nbgrader"):
            return importlib.machinery.ModuleSpec(name, self)
    def create_module(self, spec):
        return Anything()
    def exec_module(self, module):
        pass

def hooked(name, *args, **kwargs):
    if name.startswith(("numpy.testing", "solutions", "autograder", "rnnlab.checking.marking")):
        return Anything()
    return real(name, *args, **kwargs)

builtins.__import__ = hooked
sys.meta_path.insert(0, Finder())
"""


def make(nb):
    wrong(nb)
    first(nb, CODE)
