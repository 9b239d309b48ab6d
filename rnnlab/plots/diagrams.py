"""Drawings of networks: the unrolled graph, the five types of task, a picture that grows stroke by stroke."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch
from matplotlib.path import Path as MplPath
from numpy.typing import ArrayLike

from rnnlab.plots.style import BLUE, GREEN, ORANGE, empty, styled

LIGHT = {BLUE: "#CFE5F2", GREEN: "#CDEBE1", ORANGE: "#F8DDCB"}

LINE: dict[str, Any] = {"lw": 1.5, "color": "0.25", "shrinkA": 0, "shrinkB": 0}

# Title, an example, which of the steps get an input, which give an output.
TYPES = (
    ("one-to-one", "photo\n→ label", "1", "1"),
    ("one-to-many", "photo\n→ caption", "1--", "111"),
    ("many-to-one", "review\n→ verdict", "111", "--1"),
    ("many-to-many\ndelayed", "English\n→ Korean", "111--", "--111"),
    ("many-to-many\nsynced", "frames\n→ labels", "111", "111"),
)


@styled
def unrolled(tokens: Sequence[str], outputs: Sequence[str] | None = None) -> Figure:
    """Return a recurrent network drawn twice: with its loop, and unrolled over ``tokens``.

    ``outputs`` are written above the steps, where given; their number is that of the tokens.
    """
    figure, axes = empty(7.0, 2.7)
    ax = _canvas(axes[0, 0], -2.9, 1.5 * len(tokens) + 0.1, -0.5, 3.35)
    _node(ax, -2, 0, "$x_t$", GREEN)
    _node(ax, -2, 1.3, "$f_W$", BLUE)
    _node(ax, -2, 2.6, "$y_t$", ORANGE)
    _arrow(ax, (-2, 0.3), (-2, 1.0))
    _arrow(ax, (-2, 1.6), (-2, 2.3))
    _loop(ax, -1.58, 1.3)
    ax.text(-0.98, 1.3, "$h$", ha="left", va="center")
    ax.text(-0.55, 1.3, "=", ha="center", va="center", fontsize=16)
    ax.text(0.0, 1.3, "$h_0$", ha="center", va="center")
    for t, token in enumerate(tokens, start=1):
        x = 1.5 * t - 0.6
        _node(ax, x, 0, token, GREEN)
        _node(ax, x, 1.3, "$f_W$", BLUE)
        _node(ax, x, 2.6, outputs[t - 1] if outputs else f"$y_{t}$", ORANGE)
        _arrow(ax, (x, 0.3), (x, 1.0))
        _arrow(ax, (x, 1.6), (x, 2.3))
        _arrow(ax, (x - (1.05 if t > 1 else 0.7), 1.3), (x - 0.45, 1.3))
        if t < len(tokens):
            ax.text(x + 0.75, 1.42, f"$h_{t}$", ha="center", va="bottom")
    return figure


@styled
def task_types() -> Figure:
    """Return five small networks, one for each type of task: inputs below, states in the middle, outputs above."""
    steps = [max(len(reads), len(writes)) for _, _, reads, writes in TYPES]
    figure, axes = empty(7.0, 2.15, 1, len(TYPES), width_ratios=[count + 0.9 for count in steps])
    for ax, (title, example, reads, writes) in zip(axes[0], TYPES, strict=True):
        _canvas(ax, -0.95, len(reads) - 0.05, -1.55, 2.4)
        ax.set_title(title, fontsize=9)
        ax.text((len(reads) - 1) / 2, -0.5, example, ha="center", va="top", fontsize=9)
        for t, (reading, writing) in enumerate(zip(reads, writes, strict=True)):
            _column(ax, t, reading == "1", writing == "1")
    return figure


@styled
def stroke_by_stroke(strokes: ArrayLike) -> Figure:
    """Return one panel for each stroke (T, 4): what is drawn so far in grey, the newest stroke in colour."""
    lines = np.asarray(strokes, dtype=np.float64)
    figure, axes = empty(7.0, 1.55, 1, len(lines))
    for t, ax in enumerate(axes[0]):
        _canvas(ax, -0.05, 1.05, -0.1, 1.1)
        ax.set_title(f"$t = {t + 1}$")
        for x0, y0, x1, y1 in lines[:t]:
            ax.plot([x0, x1], [y0, y1], color="0.7", lw=3, solid_capstyle="round")
        x0, y0, x1, y1 = lines[t]
        ax.annotate("", (x1, y1), (x0, y0), arrowprops={"arrowstyle": "-|>", **LINE, "lw": 3, "color": BLUE})
    return figure


def _canvas(ax: Any, left: float, right: float, bottom: float, top: float) -> Any:
    ax.set_xlim(left, right)
    ax.set_ylim(bottom, top)
    ax.set_aspect("equal")
    ax.axis("off")
    return ax


def _box(ax: Any, x: float, y: float, width: float, height: float, color: str) -> None:
    corner = (x - width / 2, y - height / 2)
    look = "round,pad=0.03"
    box = FancyBboxPatch(corner, width, height, boxstyle=look, facecolor=LIGHT[color], edgecolor=color, linewidth=1.5)
    ax.add_patch(box)


def _node(ax: Any, x: float, y: float, text: str, color: str) -> None:
    _box(ax, x, y, 0.78, 0.5, color)
    ax.text(x, y, text, ha="center", va="center")


def _arrow(ax: Any, start: tuple[float, float], end: tuple[float, float]) -> None:
    ax.annotate("", end, start, arrowprops={"arrowstyle": "->", **LINE})


def _loop(ax: Any, x: float, y: float) -> None:
    """Draw an arrow that leaves a node's right side at ``x``, turns, and comes back to it."""
    bend = [(x, y + 0.16), (x + 0.75, y + 0.5), (x + 0.75, y - 0.5), (x, y - 0.16)]
    curve = MplPath(bend, [MplPath.MOVETO, MplPath.CURVE4, MplPath.CURVE4, MplPath.CURVE4])
    ax.add_patch(FancyArrowPatch(path=curve, arrowstyle="->", mutation_scale=10, lw=1.5, color="0.25"))


def _column(ax: Any, t: int, reading: bool, writing: bool) -> None:
    """Draw step ``t`` of a small network: its state, and its input and output where it has them."""
    _box(ax, t, 1.0, 0.42, 0.52, BLUE)
    if t:
        _arrow(ax, (t - 0.72, 1.0), (t - 0.28, 1.0))
    if reading:
        _box(ax, t, 0.0, 0.42, 0.52, GREEN)
        _arrow(ax, (t, 0.3), (t, 0.68))
    if writing:
        _box(ax, t, 2.0, 0.42, 0.52, ORANGE)
        _arrow(ax, (t, 1.3), (t, 1.68))
