"""The two figures of unit 00: the axes of a batch of sequences, and the map of the course."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle, Rectangle
from numpy.typing import ArrayLike

from rnnlab.course import UnitSummary
from rnnlab.plots.style import BLUE, ORANGE, empty, styled

PALE = "#F8DDCB"
INK: dict[str, Any] = {"ha": "center", "va": "center"}
ARROW: dict[str, Any] = {"arrowstyle": "->", "lw": 1.2, "color": "0.25"}


@styled
def batch_axes(x: ArrayLike, n: int, t: int) -> Figure:
    """Return the array ``x`` (N, T, D) as N tables side by side, then sequence ``x[n]`` and step ``x[:, t]``.

    Step ``t`` is shaded in every table, and sequence ``n`` has a thick frame.
    """
    array = np.asarray(x)
    N, T, D = array.shape
    part = N * (D + 1) + 1.2  # where the selected parts begin
    width, height = part + 2 * D + 3.9, T + 3.4
    figure, axes = empty(7.0, 7.0 * height / width)
    ax = axes[0, 0]
    ax.set(xlim=(-1.5, width - 1.4), ylim=(-T - 1.7, 1.7), aspect="equal")
    ax.axis("off")
    for i in range(N):
        _grid(ax, i * (D + 1), array[i], f"x[{i}]", shaded={t}, thick=i == n)
    _grid(ax, part, array[n], f"x[{n}]  (T, D)", shaded={t}, thick=True)
    _grid(ax, part + D + 2, array[:, t], f"x[:, {t}]  (N, D)", shaded=set(range(N)), thick=False)
    ax.annotate("", (-0.5, -T), (-0.5, 0), arrowprops=ARROW)
    ax.text(-0.65, -T / 2, f"T = {T} steps", rotation=90, ha="right", va="center")
    ax.annotate("", (D, -T - 0.4), (0, -T - 0.4), arrowprops=ARROW)
    ax.text(D / 2, -T - 0.6, f"D = {D} features", ha="center", va="top")
    ax.annotate("", (N * (D + 1) - 1, 1.15), (0, 1.15), arrowprops=ARROW)
    ax.text((N * (D + 1) - 1) / 2, 1.25, f"N = {N} sequences", ha="center", va="bottom")
    return figure


@styled
def course_map(units: Sequence[UnitSummary]) -> Figure:
    """Return a map of the course: a line with a stop for each unit, what it builds, its minutes and points."""
    step, bars, longest = 0.46, 4.0, 1.6  # inches
    per_minute = longest / max(unit.minutes[1] for unit in units)
    figure, axes = empty(7.0, step * len(units) + 0.25)
    ax = axes[0, 0]
    ax.set(xlim=(0, 7.0), ylim=(-step * len(units) + 0.1, 0.35))
    ax.set_aspect("equal")
    ax.axis("off")
    ax.plot([0.2, 0.2], [0, -step * (len(units) - 1)], color="0.25", lw=2, zorder=1)
    for place, unit in enumerate(units):
        y = -step * place
        number, title = unit.title.split(" ", 1)
        least, most = unit.minutes
        ax.add_patch(Circle((0.2, y), 0.15, facecolor="white", edgecolor=BLUE, linewidth=1.5, zorder=2))
        ax.text(0.2, y, number, fontsize=8, **INK)
        ax.text(0.45, y + 0.08, title, fontsize=9, weight="bold", va="center")
        ax.text(0.45, y - 0.09, unit.builds, fontsize=8, va="center")
        ax.barh(y, per_minute * least, 0.16, left=bars, color=BLUE)
        ax.barh(y, per_minute * (most - least), 0.16, left=bars + per_minute * least, color="white", edgecolor=BLUE)
        minutes = f"{least}–{most}" if least < most else f"{least}"
        worth = f"{unit.points} points" if unit.points else "no points"
        ax.text(bars + per_minute * most + 0.06, y, f"{minutes} min, {worth}", fontsize=8, va="center")
    return figure


def _grid(ax: Any, left: float, table: Any, title: str, *, shaded: set[int], thick: bool) -> None:
    """Draw a table of numbers whose top left corner is (``left``, 0)."""
    rows, columns = table.shape
    for (row, column), value in np.ndenumerate(table):
        fill = PALE if row in shaded else "white"
        ax.add_patch(Rectangle((left + column, -row - 1), 1, 1, facecolor=fill, edgecolor="0.6", linewidth=0.8))
        ax.text(left + column + 0.5, -row - 0.5, f"{value:03d}", fontsize=8, **INK)
    if thick:
        ax.add_patch(Rectangle((left, -rows), columns, rows, fill=False, edgecolor=ORANGE, linewidth=2.5))
    ax.text(left + columns / 2, 0.25, title, ha="center", va="bottom", family="monospace", fontsize=9)
