"""Figures of unit 05: the GRU cell, maps of its gates, errors of several runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch
from numpy.typing import ArrayLike

from rnnlab.plots.style import BLUE, ORANGE, empty, styled

LINE: dict[str, Any] = {"lw": 1.5, "color": "0.25"}
LIGHT = {BLUE: "#CFE5F2", ORANGE: "#F8DDCB"}
RADIUS = 0.27

# Where the parts stand: each gate and the candidate with what they read, below.
Z, R, TIMES_R, N = 2.3, 4.3, 5.8, 7.4
BOX, BRANCH, TOP = 1.25, 2.55, 3.75


@styled
def cell() -> Figure:
    """Return a drawing of one GRU step: the state on top, the gates and the candidate below."""
    figure, axes = empty(6.5, 3.4)
    ax = axes[0, 0]
    ax.set_xlim(-0.3, 9.9)
    ax.set_ylim(-0.45, 4.3)
    ax.set_aspect("equal")
    ax.axis("off")
    for x, name, reads, color in (
        (Z, "$z$", "$x_t,\\ h_{t-1}$", ORANGE),
        (R, "$r$", "$x_t,\\ h_{t-1}$", ORANGE),
        (N, "$n$", "$x_t$", BLUE),
    ):
        _box(ax, x, name, reads, color)
    for x, y, sign in ((Z, TOP, "×"), (N, TOP, "+"), (N, BRANCH, "×"), (TIMES_R, BOX, "×")):
        ax.text(x, y, sign, ha="center", va="center", fontsize=13)
        ax.add_patch(_circle(x, y))
    for start, end in (
        ((0.75, TOP), (Z - RADIUS, TOP)),
        ((Z + RADIUS, TOP), (N - RADIUS, TOP)),
        ((N + RADIUS, TOP), (9.1, TOP)),
        ((Z, BOX + 0.35), (Z, TOP - RADIUS)),
        ((Z, BRANCH), (N - RADIUS, BRANCH)),
        ((N, BOX + 0.35), (N, BRANCH - RADIUS)),
        ((N, BRANCH + RADIUS), (N, TOP - RADIUS)),
        ((R + 0.4, BOX), (TIMES_R - RADIUS, BOX)),
        ((TIMES_R + RADIUS, BOX), (N - 0.4, BOX)),
        ((TIMES_R, 0.3), (TIMES_R, BOX - RADIUS)),
    ):
        ax.annotate("", end, start, arrowprops={"arrowstyle": "->", "shrinkA": 0, "shrinkB": 0, **LINE})
    ax.text(0.65, TOP, "$h_{t-1}$", ha="right", va="center")
    ax.text(9.2, TOP, "$h_t$", ha="left", va="center")
    ax.text(Z - 0.12, 3.1, "$z$", ha="right", va="center")
    ax.text((Z + N) / 2, BRANCH + 0.08, "$1 - z$", ha="center", va="bottom")
    ax.text(TIMES_R, 0.2, "$h_{t-1}$", ha="center", va="top")
    return figure


@styled
def gate_maps(gates: Mapping[str, ArrayLike], marks: ArrayLike) -> Figure:
    """Return a map of each gate (units, steps), white for 0 and black for 1, side by side.

    The units of each map are sorted by their mean; triangles on top point at the steps in ``marks``.
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


@styled
def intervals(groups: Mapping[str, ArrayLike], y_label: str) -> Figure:
    """Return each group of values as dots beside a bar of their mean ± standard deviation; the keys are labels."""
    figure, axes = empty(6.5, 2.9)
    ax = axes[0, 0]
    for at, values in enumerate(groups.values()):
        runs = np.asarray(values, dtype=np.float64)
        ax.errorbar(at, runs.mean(), runs.std(ddof=1), fmt="s", color=BLUE, capsize=6, lw=2)
        ax.plot(np.full(len(runs), at + 0.15), runs, "o", color=ORANGE, markersize=5)
    ax.set_xticks(range(len(groups)), list(groups))
    ax.set_xlim(-0.5, len(groups) - 0.5)
    ax.set_ylim(bottom=0)
    ax.set_ylabel(y_label)
    return figure


def _circle(x: float, y: float) -> Circle:
    return Circle((x, y), RADIUS, facecolor="none", edgecolor="0.25", linewidth=1.5)


def _box(ax: Any, x: float, name: str, reads: str, color: str) -> None:
    look: dict[str, Any] = {"boxstyle": "round,pad=0.03", "facecolor": LIGHT[color], "edgecolor": color}
    ax.add_patch(FancyBboxPatch((x - 0.37, BOX - 0.29), 0.74, 0.58, linewidth=1.5, **look))
    ax.text(x, BOX, name, ha="center", va="center")
    ax.annotate("", (x, BOX - 0.38), (x, 0.3), arrowprops={"arrowstyle": "->", "shrinkA": 0, "shrinkB": 0, **LINE})
    ax.text(x, 0.2, reads, ha="center", va="top")
