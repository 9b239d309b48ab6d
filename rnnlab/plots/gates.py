"""Figures of what happens inside gated cells: gates and states over time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from rnnlab.plots.style import empty, styled

FEW = 24


@styled
def gate_map(rows: Mapping[str, ArrayLike], columns: Sequence[str], x_label: str = "") -> Figure:
    """Return one strip for each row of numbers (T,) over the steps, named at the left, with its scale at the right.

    Rows without negative numbers go from white (0) to black (at least 1); others from purple to orange, with their
    signs written in, so that the strips can be read without colour.
    With few steps, the numbers themselves are written in.
    """
    strips = {name: np.asarray(values, dtype=np.float64) for name, values in rows.items()}
    figure, axes = empty(7.0, 0.35 + 0.42 * len(strips), len(strips), 1, sharex=True)
    for ax, (name, values) in zip(axes[:, 0], strips.items(), strict=True):
        _strip(ax, name, values)
    ax = axes[-1, 0]
    ax.tick_params(bottom=False, labelbottom=True)
    ax.set_xticks(range(len(columns)), columns)
    ax.set_xlabel(x_label)
    return figure


def _strip(ax: Any, name: str, values: Any) -> None:
    signed = bool((values < 0).any())
    limit = max(1.0, float(np.abs(values).max()))
    low = -limit if signed else 0.0
    ax.imshow(values[None], cmap="PuOr_r" if signed else "Greys", vmin=low, vmax=limit, aspect="auto")
    ax.set_yticks([0], [name])
    ax.tick_params(length=0, labelbottom=False)
    ax.spines[:].set_visible(True)
    ax.spines[:].set_linewidth(0.5)
    ends = f"−{limit:.2g} to {limit:.2g}" if signed else f"0 to {limit:.2g}"
    ax.text(1.01, 0.5, ends, transform=ax.transAxes, va="center", fontsize=8, color="0.3")
    for t, value in enumerate(values):
        written = f"{value:.1f}".replace("-0.0", "0.0")
        sign = ("+" if value > 0 else "−") if signed and abs(value) > 0.15 * limit else ""
        ink = "white" if abs(value) > 0.65 * limit else "black"
        text = written.replace("-", "−") if len(values) <= FEW else sign
        ax.text(t, 0, text, ha="center", va="center", fontsize=7, color=ink)
