"""Figures of gated cells: the cell drawn forwards and backwards, its gates over time, a gradient on its way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch
from numpy.typing import ArrayLike

from rnnlab.plots.style import BLUE, GREEN, ORANGE, empty, styled

TOP, MIDDLE, LAYERS, BUS = 3.0, 2.15, 1.1, 0.2
FORGET, INPUT, CANDIDATE, OUTPUT, OUT = 1.0, 2.2, 3.4, 5.0, 6.1
FEW = 24


@styled
def lstm_cell(backward: bool = False) -> Figure:
    """Return an LSTM cell with its four layers, and the cell state running along the top.

    With ``backward`` the cell state's way is drawn again from right to left, as the gradient takes it.
    """
    figure, axes = empty(7.0, 3.4)
    ax = axes[0, 0]
    ax.set_xlim(-0.9, 7.5)
    ax.set_ylim(-0.75, 3.75)
    ax.set_aspect("equal")
    ax.axis("off")
    _layers(ax)
    _inside(ax)
    _state_line(ax, backward)
    return figure


@styled
def gate_map(rows: Mapping[str, ArrayLike], columns: Sequence[str], x_label: str = "") -> Figure:
    """Return one strip for each row of numbers (T,) over the steps, named at the left, with its scale at the right.

    Rows without negative numbers go from white (0) to black (at least 1); others from purple to orange, with their
    signs written in, so that the strips read without colour.
    Where the steps are few, the numbers stand in the fields.
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
def decays(lines: Mapping[str, ArrayLike], x_label: str, y_label: str, floor: float = 1e-12) -> Figure:
    """Return the curves ``lines`` over 0, 1, ... on a logarithmic axis that ends at ``floor``, each named at its end.

    A curve that falls below the floor is named where it does.
    """
    figure, axes = empty(6.5, 3.0)
    ax = axes[0, 0]
    for name, values in lines.items():
        height = np.asarray(values, dtype=np.float64)
        (line,) = ax.plot(height)
        seen = np.flatnonzero(height >= floor)
        last = int(seen[-1]) if seen.size else 0
        ax.annotate(
            name,
            (last, max(height[last], floor)),
            xytext=(5, 0),
            textcoords="offset points",
            color=line.get_color(),
            va="bottom" if last + 1 < len(height) else "center",
        )
    ax.set_yscale("log")
    ax.set_ylim(bottom=floor)
    ax.set_xlabel(x_label)
    ax.set_ylabel(y_label)
    ax.margins(x=0.02)
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


def _layers(ax: Any) -> None:
    """The four layers, and what they all read."""
    places = {"$f$": FORGET, "$i$": INPUT, "$g$": CANDIDATE, "$o$": OUTPUT}
    for name, x in places.items():
        squash = "tanh" if name == "$g$" else r"$\sigma$"
        _box(ax, x, LAYERS, f"{name}  {squash}", ORANGE if name == "$g$" else GREEN)
        _arrow(ax, (x, BUS), (x, LAYERS - 0.24))
    ax.plot([-0.5, OUTPUT], [BUS, BUS], color="0.25", lw=1.5)
    ax.plot([0.2, 0.2], [-0.35, BUS], color="0.25", lw=1.5)
    ax.text(-0.55, BUS, "$h_{t-1}$", ha="right", va="center")
    ax.text(0.2, -0.4, "$x_t$", ha="center", va="top")


def _inside(ax: Any) -> None:
    """What becomes of the layers: f and i·g go up to the cell state, o lets the squashed cell state out."""
    _arrow(ax, (FORGET, LAYERS + 0.24), (FORGET, TOP - 0.19))
    _circle(ax, INPUT + 0.6, MIDDLE, "×")
    _arrow(ax, (INPUT, LAYERS + 0.24), (INPUT + 0.45, MIDDLE - 0.12))
    _arrow(ax, (CANDIDATE, LAYERS + 0.24), (CANDIDATE - 0.45, MIDDLE - 0.12))
    _arrow(ax, (INPUT + 0.6, MIDDLE + 0.19), (INPUT + 0.6, TOP - 0.19))
    _box(ax, OUT, MIDDLE, "tanh", BLUE)
    _arrow(ax, (OUT, TOP), (OUT, MIDDLE + 0.24))
    _circle(ax, OUT, LAYERS, "×")
    _arrow(ax, (OUT, MIDDLE - 0.24), (OUT, LAYERS + 0.19))
    _arrow(ax, (OUTPUT + 0.42, LAYERS), (OUT - 0.19, LAYERS))
    ax.plot([OUT, OUT], [LAYERS - 0.19, BUS], color="0.25", lw=1.5)
    _arrow(ax, (OUT, BUS), (6.9, BUS))
    ax.text(6.95, BUS, "$h_t$", ha="left", va="center")


def _state_line(ax: Any, backward: bool) -> None:
    """The way of the cell state, and with ``backward`` the gradient's way over it."""
    ax.plot([-0.5, 6.9], [TOP, TOP], color=BLUE, lw=3, zorder=1)
    _circle(ax, FORGET, TOP, "×")
    _circle(ax, INPUT + 0.6, TOP, "+")
    ax.text(-0.55, TOP, "$c_{t-1}$", ha="right", va="center")
    ax.text(6.95, TOP, "$c_t$", ha="left", va="center")
    if not backward:
        _arrow(ax, (6.7, TOP), (6.9, TOP), BLUE)
        return
    high = TOP + 0.38
    _arrow(ax, (6.8, high), (INPUT + 0.8, high), ORANGE)
    _arrow(ax, (INPUT + 0.4, high), (FORGET + 0.2, high), ORANGE)
    _arrow(ax, (FORGET - 0.2, high), (-0.4, high), ORANGE)
    _arrow(ax, (INPUT + 0.85, TOP - 0.15), (INPUT + 0.85, MIDDLE + 0.15), ORANGE)
    for x, text in ((5.0, "$dc$"), (1.8, "$dc$"), (0.3, "$dc \\cdot f$")):
        ax.text(x, high + 0.06, text, ha="center", va="bottom", color=ORANGE)
    ax.text(INPUT + 0.95, MIDDLE + 0.42, "$dc$", ha="left", va="center", color=ORANGE)


def _box(ax: Any, x: float, y: float, text: str, colour: str) -> None:
    style = "round,pad=0,rounding_size=0.08"
    ax.add_patch(
        FancyBboxPatch((x - 0.42, y - 0.24), 0.84, 0.48, boxstyle=style, fc="white", ec=colour, lw=1.5, zorder=2)
    )
    ax.text(x, y, text, ha="center", va="center", fontsize=9, zorder=3)


def _circle(ax: Any, x: float, y: float, text: str) -> None:
    ax.add_patch(Circle((x, y), 0.19, fc="white", ec="0.25", lw=1.5, zorder=2))
    ax.text(x, y - 0.01, text, ha="center", va="center", fontsize=11, zorder=3)


def _arrow(ax: Any, start: tuple[float, float], end: tuple[float, float], colour: str = "0.25") -> None:
    options: dict[str, Any] = {"lw": 1.5, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 11, "zorder": 1}
    ax.add_patch(FancyArrowPatch(start, end, arrowstyle="-|>", color=colour, **options))
