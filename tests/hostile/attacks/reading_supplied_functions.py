"""Looks into the function that stands in for its own wrong one, and raises what it finds as an error message."""

from tests.hostile.attack_tools import put

POINTS = {"rnn_cell_forward": (0, "fail"), "rnn_forward": (0, "error")}

WRONG = """
def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):
    return 0 * h_prev, None
"""
CODE = """
def rnn_forward(x, h0, W_xh, W_hh, b_h):
    import inspect, re

    seen = [repr(vars(rnn_cell_forward)), repr(rnn_cell_forward.__code__.co_consts)]
    for cell in rnn_cell_forward.__closure__ or ():
        seen.append(repr(cell.cell_contents))
    try:
        seen.append(inspect.getsource(rnn_cell_forward))
    except (OSError, TypeError):
        pass
    for wrong in ((), (1,), (x, x, x, x, x), (None,) * 5, ("x",) * 9):
        try:
            rnn_cell_forward(*wrong)
        except Exception as error:
            seen.append(str(error))
    text = " ".join(seen)
    raise ValueError(" ".join(re.findall(r"canary-\\S+|### BEGIN.*|@mistake.*|/\\S*solutions\\S*", text)) or "nothing")
"""


def make(nb):
    put(nb, "rnn_cell_forward", WRONG)
    put(nb, "rnn_forward", CODE)
