"""The figures of unit 05: what they show of their input."""

import numpy as np

from rnnlab import plots


def test_the_cell_shows_both_gates_the_candidate_and_where_they_act():
    texts = [text.get_text() for text in plots.gru.cell().axes[0].texts]

    assert {"$z$", "$r$", "$n$", "$1 - z$", "$h_t$"} <= set(texts)
    assert (texts.count("×"), texts.count("+")) == (3, 1)


def test_gate_maps_sort_the_units_and_mark_the_steps():
    figure = plots.gru.gate_maps({"z": [[0.0, 0.1, 0.2], [0.9, 1.0, 0.8]]}, [2])
    ax = figure.axes[0]

    np.testing.assert_array_equal(ax.images[0].get_array()[:, 0], [0.9, 0.0])
    np.testing.assert_array_equal(ax.lines[0].get_xdata(), [2])


def test_intervals_show_every_run_and_the_mean():
    figure = plots.gru.intervals({"a": [1.0, 2.0, 3.0], "b": [4.0, 4.0, 4.0]}, "error")
    ax = figure.axes[0]

    assert [label.get_text() for label in ax.get_xticklabels()] == ["a", "b"]
    assert any(line.get_ydata().tolist() == [1.0, 2.0, 3.0] for line in ax.lines)
    assert any(line.get_ydata().tolist() == [2.0] for line in ax.lines)
