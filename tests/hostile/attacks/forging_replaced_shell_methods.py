"""Replaces the shell's methods that run cells and show errors by ones that report success."""

from tests.hostile.attack_tools import FULL, last, wrong

POINTS = dict.fromkeys(FULL, (0, {"fail", "died"}))  # it may break its own way to answer

CODE = """
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell

def fine(self, *args, **kwargs):
    result = ExecutionResult(None)
    result.result = 20
    return result

async def fine_later(self, *args, **kwargs):
    return fine(self)

for shell in (InteractiveShell, type(get_ipython())):
    shell.showtraceback = shell.showsyntaxerror = lambda self, *args, **kwargs: None
    shell.run_cell = shell.run_code = shell._run_cell = fine
    shell.run_cell_async = fine_later
"""


def make(nb):
    wrong(nb)
    last(nb, CODE)
