"""Makes every object show itself as full points."""

from tests.hostile.attack_tools import NOTHING, first, wrong

POINTS = NOTHING

CODE = """
formatters = get_ipython().display_formatter.formatters
for kind in (object, int, float, bool, str, type(None)):
    formatters["text/plain"].for_type(kind, lambda value, printer, cycle: printer.text("20"))
    formatters["text/html"].for_type(kind, lambda value: "<b>20 of 20 points</b>")
20
"""


def make(nb):
    wrong(nb)
    first(nb, CODE)
