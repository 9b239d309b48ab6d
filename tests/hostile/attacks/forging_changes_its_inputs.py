"""Changes its inputs in place, so that they agree with what it returns."""

from tests.hostile.attack_tools import put

POINTS = {"image_to_sequence": (0, "fail"), "rnn_cell_forward": (0, "fail")}

IMAGES = """
def image_to_sequence(images, order):
    images[:] = 0.0
    N, R, C = images.shape
    return np.zeros({"rows": (N, R, C), "columns": (N, C, R), "pixels": (N, R * C, 1)}[order])
"""
CELL = """
def rnn_cell_forward(x_t, h_prev, W_xh, W_hh, b_h):
    for array in (x_t, h_prev, W_xh, W_hh, b_h):
        array[:] = 0.0
    return h_prev, None
"""


def make(nb):
    put(nb, "image_to_sequence", IMAGES)
    put(nb, "rnn_cell_forward", CELL)
