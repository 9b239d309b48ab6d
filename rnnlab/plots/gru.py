"""Maps of the gates of many units at once."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from rnnlab.plots.style import ORANGE, empty, styled


@styled
def gate_maps(gates: Mapping[str, ArrayLike], marks: ArrayLike) -> Figure:
    """Return a map of each gate (units, steps), white for 0 and black for 1, side by side.

    The units of each map are sorted by their mean; triangles above mark the steps in ``marks``.
    """
    figure, axes = empty(7.0, 3.0, 1, len(gates), sharey=True)
    for ax, (title, values) in zip(axes[0], gates.items(), strict=True):
        table = np.asarray(values, dtype=np.float64)
        order = np.argsort(-table.mean(axis=1), kind="stable")
        image = ax.imshow(table[order], cmap="gray_r", vmin=0, vmax=1, aspect="auto", interpolation="nearest")
        steps = np.asarray(marks)
        ax.plot(steps, np.full(len(steps), -2.5), "v", color=ORANGE, markersize=8, clip_on=False)
        ax.set_title(title, pad=14)
        ax.set_xlabel("step")
    axes[0, 0].set_ylabel("hidden unit, sorted")
    figure.colorbar(image, ax=axes[0, -1], ticks=[0, 0.5, 1])
    return figure
