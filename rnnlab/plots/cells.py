"""The signs in which the insides of cells are drawn, and the vanilla RNN cell in them, forwards and backwards.

The state that is carried runs along the top in blue, thick; gates have green boxes, candidates orange ones, products
with weights dark ones; circles add and multiply. Gradients are dashed orange arrows that point the other way. So role
and direction can be told apart in grey, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

from rnnlab.plots.style import BLUE, ORANGE, empty, styled

Point = tuple[float, float]

DARK, PALE = "0.25", "0.8"
DASHES = (0, (4, 1.5))
HALF, ROUND = 0.24, 0.19

# Where the parts of a vanilla cell stand: heights, then places from left to right.
BIAS, STATE, INPUT, BOTTOM = 4.0, 2.7, 1.3, -0.1
MEMORY, SUM, SQUASH, FORK, END = 1.0, 3.0, 4.9, 6.2, 6.9
SIDE = 0.42  # how far a gradient's arrow runs beside that of the values


@dataclass(frozen=True)
class Pen:
    """What draws on one panel: in colour, or all in pale grey; ``size`` is that of the letters, in points."""

    ax: Any
    grey: bool = False
    size: float = 9.0

    def pale(self) -> Pen:
        """Return a pen that draws the same in pale grey."""
        return Pen(self.ax, grey=True, size=self.size)

    def ink(self, colour: str = DARK) -> str:
        """Return the colour that ``colour`` becomes with this pen."""
        return PALE if self.grey else colour

    def box(self, at: Point, text: str, colour: str, width: float = 0.84) -> None:
        """Draw a layer or a product: a box with its name, centred at ``at``."""
        x, y = at
        corner, look = (x - width / 2, y - HALF), "round,pad=0,rounding_size=0.08"
        box = FancyBboxPatch(corner, width, 2 * HALF, boxstyle=look, fc="white", ec=self.ink(colour), lw=1.5, zorder=2)
        self.ax.add_patch(box)
        self.ax.text(x, y, text, ha="center", va="center", fontsize=self.size - 1, color=self.ink("black"), zorder=3)

    def circle(self, at: Point, sign: str) -> None:
        """Draw an elementwise operation."""
        self.ax.add_patch(Circle(at, ROUND, fc="white", ec=self.ink(), lw=1.5, zorder=2))
        self.ax.text(at[0], at[1] - 0.01, sign, ha="center", va="center", fontsize=9, color=self.ink(), zorder=3)

    def arrow(self, *points: Point, colour: str = DARK, back: bool = False) -> None:
        """Draw a line through ``points`` with a head at the last; ``back`` makes it a gradient's."""
        look: dict[str, Any] = {"color": self.ink(ORANGE if back else colour), "lw": 2.0 if back else 1.5, "zorder": 1}
        style: Any = DASHES if back else "-"
        for start, end in pairwise(points[:-1]):
            self.ax.plot(*zip(start, end, strict=True), linestyle=style, solid_capstyle="round", **look)
        patch = FancyArrowPatch(
            points[-2], points[-1], arrowstyle="-|>", linestyle=style, shrinkA=0, shrinkB=0, mutation_scale=9, **look
        )
        self.ax.add_patch(patch)

    def name(self, at: Point, text: str, colour: str = "black", **where: Any) -> None:
        """Write a name or a number at ``at``."""
        place = {"ha": "center", "va": "center", "fontsize": self.size} | where
        self.ax.text(*at, text, color=self.ink(colour), **place)


def canvas(ax: Any, across: Point, up: Point) -> Any:
    """Return ``ax`` as an empty panel with these limits, a unit being as long up as across."""
    ax.set_xlim(*across)
    ax.set_ylim(*up)
    ax.set_aspect("equal")
    ax.axis("off")
    return ax


@styled
def rnn_cell(numbers: Mapping[str, str] | None = None) -> Figure:
    """Return a vanilla RNN cell with what flows through it from the old state to the new one.

    ``numbers`` are written at the values: h_prev, x_t, b_h, memory and input (the two products), sum, h_t.
    """
    written = numbers or {}
    figure, axes = empty(5.6, 3.0)
    pen = Pen(canvas(axes[0, 0], (-1.8, 8.5), (-0.6, 4.6)), size=11)
    _vanilla(pen)
    _ends(pen, written)
    pen.name((FORK, BIAS + 0.1), "to the read-out", va="bottom", fontsize=10)
    pen.name((END + 0.05, STATE - 0.5), "to the\nnext step", ha="left", va="top", fontsize=10)
    pen.name((SUM - 0.25, STATE + 0.28), written.get("memory", ""), ha="right", va="bottom", fontsize=10)
    pen.name((SUM + 0.3, STATE + 0.28), written.get("sum", ""), ha="left", va="bottom", fontsize=10)
    pen.name((SUM + 0.12, 1.95), written.get("input", ""), ha="left", fontsize=10)
    return figure


@styled
def rnn_cell_backward(numbers: Mapping[str, str] | None = None) -> Figure:
    """Return the same cell with the gradient's way through it, from the new state to everything it was made of.

    ``numbers`` are written at the gradients: dh_t, da_t, dh_prev, dx_t, db_h.
    """
    written = {name: f" = {text}" for name, text in (numbers or {}).items()}
    figure, axes = empty(5.6, 3.0)
    pen = Pen(canvas(axes[0, 0], (-1.8, 8.5), (-0.6, 4.6)), size=11)
    _vanilla(pen.pale())
    _ends(pen, {})
    low, beside = STATE - SIDE, SUM + SIDE
    for way in (
        ((END, low), (SQUASH + 0.45, low)),
        ((SQUASH - 0.45, low), (beside + 0.1, low)),
        ((SUM - 0.3, low), (MEMORY + 0.6, low)),
        ((MEMORY - 0.6, low), (-0.5, low)),
        ((beside, low - 0.15), (beside, INPUT + HALF)),
        ((beside, INPUT - HALF), (beside, BOTTOM)),
        ((beside, STATE + 0.25), (beside, BIAS)),
    ):
        pen.arrow(*way, back=True)
    for name, symbol, at, where in (
        ("dh_t", "dh_t", (END + 0.05, low - 0.1), {"ha": "left", "va": "top"}),
        ("da_t", "da_t", (beside + 0.45, low - 0.12), {"ha": "left", "va": "top"}),
        ("dh_prev", "dh_{t-1}", (-0.6, low - 0.1), {"ha": "right", "va": "top"}),
        ("dx_t", "dx_t", (beside + 0.1, BOTTOM - 0.1), {"ha": "left", "va": "top"}),
        ("db_h", "db_h", (beside + 0.15, BIAS - 0.1), {"ha": "left"}),
    ):
        # At the two ends the numbers have room only below the name.
        value = written.get(name, "").replace(" = ", "\n" if name.startswith("dh") else " = ")
        pen.name(at, f"${symbol}${value}", ORANGE, **where)
    pen.name((SQUASH, STATE + 0.4), "$\\odot\\ (1 - h_t^2)$", ORANGE, va="bottom", fontsize=10)
    pen.name((MEMORY, STATE + 0.4), "gives $dW_{hh}$", ORANGE, va="bottom", fontsize=10)
    pen.name((MEMORY, low - 0.12), "× $W_{hh}^\\top$", ORANGE, va="top", fontsize=10)
    pen.name((SUM - 0.65, INPUT), "gives $dW_{xh}$", ORANGE, ha="right", fontsize=10)
    pen.name((SUM + 0.65, INPUT), "× $W_{xh}^\\top$", ORANGE, ha="left", fontsize=10)
    return figure


def _vanilla(pen: Pen) -> None:
    """Draw the boxes, circles and arrows of a vanilla cell."""
    pen.ax.plot([-0.5, END - 0.2], [STATE, STATE], color=pen.ink(BLUE), lw=3, zorder=0)
    pen.arrow((END - 0.2, STATE), (END, STATE), colour=BLUE)
    pen.box((MEMORY, STATE), "× $W_{hh}$", DARK, width=1.1)
    pen.circle((SUM, STATE), "+")
    pen.box((SQUASH, STATE), "tanh", BLUE)
    pen.box((SUM, INPUT), "× $W_{xh}$", DARK, width=1.1)
    pen.arrow((SUM, INPUT + HALF), (SUM, STATE - ROUND))
    pen.arrow((SUM, BOTTOM), (SUM, INPUT - HALF))
    pen.arrow((SUM, BIAS), (SUM, STATE + ROUND))
    pen.arrow((FORK, STATE), (FORK, BIAS))


def _ends(pen: Pen, written: Mapping[str, str]) -> None:
    """Write the names of what goes in and comes out, each with its numbers where there are some."""
    for name, symbol, at, where in (
        ("h_prev", "h_{t-1}", (-0.6, STATE), {"ha": "right"}),
        ("x_t", "x_t", (SUM, BOTTOM - 0.1), {"va": "top"}),
        ("b_h", "b_h", (SUM, BIAS + 0.1), {"va": "bottom"}),
        ("h_t", "h_t", (END + 0.05, STATE), {"ha": "left"}),
    ):
        between = "\n" if name.startswith("h") else " = "
        pen.name(at, f"${symbol}$" + (f"{between}{written[name]}" if name in written else ""), **where)
