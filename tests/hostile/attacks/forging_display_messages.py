"""Publishes results for cells that are not its own, through every way to publish that the shell has."""

from tests.hostile.attack_tools import NOTHING, last, wrong

POINTS = NOTHING

CODE = """
from IPython.display import display, publish_display_data, update_display

shell = get_ipython()
points = {"text/plain": "20", "text/html": "<b>20 of 20 points</b>"}
for cell in ("one_hot-check", "softmax-check", "rnn_forward-check"):
    marks = {"nbgrader": {"grade_id": cell, "points": 20}}
    publish_display_data(points, marks, transient={"display_id": cell})
    display(points, raw=True, display_id=cell)
    update_display(points, raw=True, display_id=cell)
kernel = getattr(shell, "kernel", None)
if kernel is not None:
    content = {"data": points, "metadata": {}, "execution_count": 1}
    for kind in ("execute_result", "execute_reply", "status"):
        kernel.session.send(kernel.iopub_socket, kind, content=content, parent=kernel.get_parent())
"""


def make(nb):
    wrong(nb)
    last(nb, CODE)
