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


def test_a_value_may_stand_for_several_steps():
    figure = plots.panels({"recall": {"a": [0.1, 0.5, 0.9]}}, "step", "share", 0, "linear", every=10)

    assert figure.axes[0].get_lines()[0].get_xdata().tolist() == [0, 10, 20]


def test_a_landscape_is_cut_at_the_nearest_place():
    height = np.array([[0.0, 1.0, 2.0], [3.0, 4.0, 5.0]])  # (b, w)
    figure = plots.surface([4.0, 5.0, 6.0], [-1.0, 0.0], height, cuts=[5.9, 4.2])

    assert [line.get_ydata().tolist() for line in figure.axes[1].get_lines()] == [[2.0, 5.0], [0.0, 3.0]]


def test_the_bound_of_a_curve_is_thin_and_in_its_colour():
    figure = plots.decays({"a": [1.0, 0.1], "b": [1.0, 0.2]}, "steps back", "share", bounds={"b": [1.0, 0.5]})
    _, curve, bound = figure.axes[0].get_lines()

    assert bound.get_ydata().tolist() == [1.0, 0.5]
    assert bound.get_color() == curve.get_color()
    assert bound.get_linewidth() < curve.get_linewidth()


def test_the_label_of_a_curve_that_leaves_the_page_stands_above_the_axis_and_beside_its_bound():
    falls = {"falls": 0.01 ** np.arange(9.0), "stays": np.ones(9)}
    figure = plots.decays(falls, "steps back", "share", 1e-12, bounds={"falls": 0.02 ** np.arange(9.0)})
    label = next(text for text in figure.axes[0].texts if text.get_text() == "falls")

    assert label.get_position()[0] > 7  # the bound is above the floor for 7 steps, the curve for 6
    assert label.get_position()[1] > 2e-12
