"""Maps of the gates of many units: what they show of their input."""

import numpy as np

from rnnlab import plots


def test_gate_maps_sort_the_units_and_mark_the_steps():
    figure = plots.gru.gate_maps({"z": [[0.0, 0.1, 0.2], [0.9, 1.0, 0.8]]}, [2])
    ax = figure.axes[0]

    np.testing.assert_array_equal(ax.images[0].get_array()[:, 0], [0.9, 0.0])
    np.testing.assert_array_equal(ax.lines[0].get_xdata(), [2])
