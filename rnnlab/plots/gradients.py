"""Figures of gradients: how they flow back, where they are truncated, how large they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from rnnlab.plots.diagrams import _arrow, _box, _canvas, _node
from rnnlab.plots.style import BLUE, COLOURS, DASHES, GREEN, ORANGE, empty, styled

LINES_OF_TEXT = 13  # below each other beside a figure of this height
BACK: dict[str, Any] = {
    "arrowstyle": "-|>",
    "lw": 2.2,
    "color": ORANGE,
    "ls": (0, (4, 1.5)),
    "shrinkA": 0,
    "shrinkB": 0,
}


@styled
def backward_graph() -> Figure:
    """Return three steps of a recurrent network twice: the arrows of the values, and those of the gradients.

    In the second, a plus stands where gradients from several places are added.
    """
    figure, axes = empty(7.0, 2.9, 1, 2)
    for ax, title in zip(axes[0], ("forward: values", "backward: gradients"), strict=True):
        _canvas(ax, -0.6, 5.1, -0.35, 3.4)
        ax.set_title(title)
        backward = title.startswith("backward")
        ax.text(0.0, 1.5, "$dh_0$" if backward else "$h_0$", ha="center", va="center")
        _box(ax, 2.95, 0, 4.0, 0.5, GREEN)
        ax.text(2.95, 0, "$dW_{hh}$, one sum" if backward else "$W_{hh}$, one array", ha="center", va="center")
        for t in (1, 2, 3):
            _step(ax, t, backward)
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


def _step(ax: Any, t: int, backward: bool) -> None:
    x = 1.5 * t - 0.05
    _node(ax, x, 1.5, f"$dh_{t}$" if backward else f"$h_{t}$", BLUE)
    _node(ax, x, 3.0, f"$L_{t}$", ORANGE)
    left = x - (1.2 if t == 1 else 1.05)
    if not backward:
        _arrow(ax, (x, 0.3), (x, 1.2))
        _arrow(ax, (x, 1.8), (x, 2.7))
        _arrow(ax, (left, 1.5), (x - 0.45, 1.5))
        return
    ax.annotate("", (x, 0.3), (x, 1.2), arrowprops=BACK)
    ax.annotate("", (x, 1.8), (x, 2.7), arrowprops=BACK)
    ax.annotate("", (left, 1.5), (x - 0.45, 1.5), arrowprops=BACK)
    if t < 3:
        # Between the two arrows that meet at a state, and between the three that end in the sum.
        for at in ((x + 0.33, 2.02), (x + 0.75, 0.6)):
            ax.text(*at, "+", ha="center", va="center", fontsize=13, weight="bold")


@styled
def chunks(steps: int, chunk: int) -> Figure:
    """Return a sequence cut into chunks: the state is carried across the borders, the gradient is not."""
    figure, axes = empty(7.0, 1.5)
    ax = _canvas(axes[0, 0], -0.8, steps + 0.5, -1.2, 1.4)
    for t in range(1, steps + 1):
        _box(ax, t, 0.3, 0.34, 0.42, BLUE)
        ax.text(t, 0.3, str(t), ha="center", va="center", fontsize=9)
        _arrow(ax, (t - 0.74, 0.3), (t - 0.26, 0.3))
        if (t - 1) % chunk:
            ax.annotate("", (t - 0.8, -0.35), (t - 0.2, -0.35), arrowprops=BACK)
        else:
            _chunk(ax, t, min(t + chunk - 1, steps))
    ax.text(0.05, 0.3, "$h_0$", ha="center", va="center")
    return figure


def _chunk(ax: Any, first: int, last: int) -> None:
    """Draw the border before a chunk, and its label."""
    if first > 1:
        ax.plot([first - 0.5, first - 0.5], [-1.15, 1.35], color="0.25", lw=1, ls=":")
    ax.text((first + last) / 2, 1.1, f"loss of steps {first} to {last}", ha="center", va="center", fontsize=9)
    ax.text((first + last) / 2, -0.95, "gradient stays inside", ha="center", va="center", fontsize=9, color=ORANGE)


@styled
def bars(heights: ArrayLike, x_label: str, y_label: str) -> Figure:
    """Return a bar chart of positive ``heights`` at 0, 1, 2, ..., on a logarithmic scale."""
    values = np.asarray(heights, dtype=np.float64)
    figure, axes = empty(6.5, 2.6)
    ax = axes[0, 0]
    ax.bar(np.arange(len(values)), values, color=BLUE)
    ax.set_yscale("log")
    ax.set_xlabel(x_label)
    ax.set_ylabel(y_label)
    ax.margins(x=0.02)
    return figure


@styled
def measured(
    x: ArrayLike, lines: Mapping[str, ArrayLike], x_label: str, y_label: str, logarithmic: tuple[bool, bool]
) -> Figure:
    """Return curves with a mark at each measured point; ``logarithmic`` says which of the axes (x, y) are."""
    figure, axes = empty(6.5, 2.8)
    ax = axes[0, 0]
    for (name, heights), mark in zip(lines.items(), "os^dv", strict=False):
        ax.plot(x, heights, marker=mark, markersize=4, label=name)
    ax.set_xscale("log" if logarithmic[0] else "linear")
    ax.set_yscale("log" if logarithmic[1] else "linear")
    ax.set_xlabel(x_label)
    ax.set_ylabel(y_label)
    ax.legend()
    return figure
