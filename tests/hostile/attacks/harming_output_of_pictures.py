"""Shows pictures of many megabytes that are none, pages with scripts, and kinds of output that nobody knows."""

from tests.hostile.attack_tools import append

POINTS = {}

CODE = """
from IPython.display import HTML, Image, Javascript, SVG, display, clear_output

for _ in range(10):
    display({"image/png": "A" * 5_000_000, "text/plain": "x" * 1_000_000}, raw=True)
    display({"application/x-evil": {"deep": [[[[1]]]]}, "text/html": "<script>alert(1)</script>"}, raw=True)
    display(HTML("<script>alert(1)</script>"), Javascript("alert(1)"), SVG(data="<svg onload='alert(1)'></svg>"))
for _ in range(3000):
    clear_output()
"""


def make(nb):
    append(nb, "softmax", CODE)
