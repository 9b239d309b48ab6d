"""Lines over many powers of ten."""

import numpy as np

from rnnlab import plots


def test_a_line_that_stops_being_finite_ends_with_a_cross():
    figure = plots.panels({"loss": {"ends": [1.0, 2.0, np.nan, np.nan], "goes on": [1.0, 1.0]}}, "step", "loss")
    lines = figure.axes[0].get_lines()

    assert [len(line.get_xdata()) for line in lines] == [2, 1, 2]
    assert lines[1].get_marker() == "x"
    assert lines[1].get_xydata().tolist() == [[1.0, 2.0]]


def test_panels_share_one_logarithmic_axis():
    figure = plots.panels({"a": {"x": [1.0, 1e-9]}, "b": {"x": [1.0, 1e3]}}, "lag", "norm", lowest=1e-12)
    left, right = figure.axes

    assert left.get_yscale() == right.get_yscale() == "log"
    assert left.get_ylim() == right.get_ylim()
    assert left.get_ylim()[0] == 1e-12
    assert left.get_ylim()[1] > 1e3
