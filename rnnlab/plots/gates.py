"""Figures of what happens inside gated cells: gates over time, a gradient on its way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from rnnlab.plots.style import empty, styled
from rnnlab.plots.vanishing import COLOURS, DASHES

FEW = 24
LINES_OF_TEXT = 13


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


@styled
def decays(
    lines: Mapping[str, ArrayLike],
    x_label: str,
    y_label: str,
    floor: float = 1e-12,
    bounds: Mapping[str, ArrayLike] | None = None,
) -> Figure:
    """Return the curves ``lines`` over 0, 1, ... on a logarithmic axis from ``floor``, each labelled at its end.

    A curve that falls below the floor is labelled where it does; labels that would overlap are moved apart.
    ``bounds`` are curves by the names of the lines to which they belong: thin, in the same colour and dashes.
    """
    figure, axes = empty(6.5, 3.2)
    ax = axes[0, 0]
    ends: list[tuple[float, int, str, str]] = []
    for (name, values), dash, colour in zip(lines.items(), DASHES, COLOURS, strict=False):
        height = np.asarray(values, dtype=np.float64)
        ax.plot(height, linestyle=dash, color=colour)
        seen = np.flatnonzero(height >= floor)
        last = int(seen[-1]) if seen.size else 0
        if bounds and name in bounds:
            ax.plot(np.asarray(bounds[name]), linestyle=dash, color=colour, linewidth=0.8)
            last = max(last, int(np.flatnonzero(np.asarray(bounds[name]) >= floor)[-1]))
        ends.append((max(height[last], floor), last, name, colour))
    ax.set_yscale("log")
    ax.set_ylim(bottom=floor)
    ax.set_xlabel(x_label)
    ax.set_ylabel(y_label)
    ax.margins(x=0.02)
    least = (np.log10(ax.get_ylim()[1]) - np.log10(floor)) / LINES_OF_TEXT
    place = float(np.log10(floor)) - least / 2  # the first label stands half a line above the axis, not on it
    for end, last, name, colour in sorted(ends):
        place = max(float(np.log10(end)), place + least)
        where = {"xytext": (last + 0.8, 10**place), "textcoords": "data"}
        ax.annotate(name, (last, end), color=colour, va="center", annotation_clip=False, **where)
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
