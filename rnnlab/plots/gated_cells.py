"""Drawings of the gated cells, LSTM and GRU, forwards and with the gradient's way back, in the signs of ``cells``."""

from __future__ import annotations

from matplotlib.figure import Figure

from rnnlab.plots.cells import DARK, HALF, ROUND, Pen, canvas
from rnnlab.plots.style import BLUE, GREEN, ORANGE, empty, styled

# Where the parts of an LSTM stand: heights, then places from left to right.
TOP, MIDDLE, LAYERS, BUS = 3.0, 2.1, 1.1, 0.2
FORGET, INPUT, SUM, CANDIDATE, OUTPUT, OUT = 0.9, 2.05, 2.75, 3.45, 4.9, 6.1
LSTM_STEPS = (
    ("1  forget gate: how much of the old is kept", ("forget",)),
    ("2  candidate: what could be written", ("forget", "candidate")),
    ("3  input gate: how much of it is written", ("forget", "candidate", "input")),
    ("4  output gate: how much of it is shown", ("forget", "candidate", "input", "output")),
)

# Where the parts of a GRU stand.
UPDATE, RESET, MEMORY, NEW = 1.0, 2.6, 4.5, 6.3


@styled
def lstm_parts() -> Figure:
    """Return an LSTM cell in four panels: each adds one layer, in colour, to what the panels before have drawn."""
    figure, axes = empty(7.0, 3.5, 2, 2)
    for ax, (title, parts) in zip(axes.flat, LSTM_STEPS, strict=True):
        pen = Pen(canvas(ax, (-1.0, 7.6), (-0.75, 3.4)))
        ax.set_title(title, fontsize=9)
        for part in parts:
            _lstm_part(part, pen if part == parts[-1] else pen.pale())
        _lstm_states(pen, whole="output" in parts)
    return figure


@styled
def ways_back() -> Figure:
    """Return a vanilla cell and an LSTM cell side by side, with the gradient's way through each from right to left."""
    figure, axes = empty(7.0, 2.8, 1, 2, width_ratios=(4.9, 9.6))
    vanilla, lstm = axes[0]
    vanilla.set_title("vanilla cell")
    lstm.set_title("LSTM cell")
    _vanilla_back(Pen(canvas(vanilla, (-1.0, 4.0), (-0.75, 4.0))))
    pen = Pen(canvas(lstm, (-1.0, 8.6), (-0.75, 4.0)))
    for part in LSTM_STEPS[-1][1]:
        _lstm_part(part, pen)
    _lstm_states(pen, whole=True)
    _lstm_back(pen)
    return figure


@styled
def gru_cells() -> Figure:
    """Return a GRU cell twice: the reset gate multiplies after the product with the memory's weights, or before it."""
    figure, axes = empty(7.0, 2.4, 1, 2)
    for ax, after in zip(axes[0], (True, False), strict=True):
        ax.set_title(f"reset {'after' if after else 'before'} the product")
        _gru(Pen(canvas(ax, (-0.9, 8.1), (-0.9, 3.4))), after)
    return figure


def _lstm_part(part: str, pen: Pen) -> None:
    """Draw one layer of an LSTM with what it reads and where it acts."""
    place = {"forget": FORGET, "candidate": CANDIDATE, "input": INPUT, "output": OUTPUT}[part]
    letter = {"forget": "f", "candidate": "g", "input": "i", "output": "o"}[part]
    squash, colour = ("tanh", ORANGE) if part == "candidate" else (r"$\sigma$", GREEN)
    pen.box((place, LAYERS), f"${letter}$  {squash}", colour, width=1.3 if part == "candidate" else 0.84)
    pen.arrow((place, BUS), (place, LAYERS - HALF))
    pen.ax.plot([-0.5, place], [BUS, BUS], color=pen.ink(), lw=1.5, zorder=0)
    if part == "forget":
        pen.arrow((FORGET, LAYERS + HALF), (FORGET, TOP - ROUND))
        pen.circle((FORGET, TOP), "×")
    if part == "input":
        pen.circle((SUM, MIDDLE), "×")
        pen.arrow((INPUT, LAYERS + HALF), (SUM - 0.14, MIDDLE - 0.13))
        pen.arrow((CANDIDATE, LAYERS + HALF), (SUM + 0.14, MIDDLE - 0.13))
        pen.arrow((SUM, MIDDLE + ROUND), (SUM, TOP - ROUND))
        pen.circle((SUM, TOP), "+")
    if part == "output":
        pen.arrow((OUT, TOP), (OUT, MIDDLE + HALF))
        pen.box((OUT, MIDDLE), "tanh", BLUE)
        pen.arrow((OUT, MIDDLE - HALF), (OUT, LAYERS + ROUND))
        pen.arrow((OUTPUT + 0.42, LAYERS), (OUT - ROUND, LAYERS))
        pen.circle((OUT, LAYERS), "×")
        pen.arrow((OUT, LAYERS - ROUND), (OUT, BUS), (6.9, BUS))
        pen.name((6.95, BUS), "$h_t$", ha="left")


def _lstm_states(pen: Pen, whole: bool) -> None:
    """Draw what the cell gets: the cell state on its way, whose end is named where the cell is complete, h and x."""
    pen.name((-0.55, BUS), "$h_{t-1}$", ha="right")
    pen.ax.plot([0.1, 0.1], [-0.35, BUS], color=DARK, lw=1.5, zorder=0)
    pen.name((0.1, -0.4), "$x_t$", va="top")
    pen.ax.plot([-0.5, 6.7], [TOP, TOP], color=BLUE, lw=3, zorder=0)
    pen.arrow((6.6, TOP), (6.9, TOP), colour=BLUE)
    pen.name((-0.55, TOP), "$c_{t-1}$", ha="right")
    if whole:
        pen.name((6.95, TOP), "$c_t$", ha="left")


def _lstm_back(pen: Pen) -> None:
    """Draw the gradient's ways through an LSTM: along the cell state, and from h through o and tanh into it."""
    high = TOP + 0.4
    pen.arrow((6.9, high), (SUM + 0.2, high), back=True)
    pen.arrow((SUM - 0.2, high), (FORGET + 0.2, high), back=True)
    pen.arrow((FORGET - 0.2, high), (-0.4, high), back=True)
    pen.arrow((SUM + 0.3, TOP - 0.12), (SUM + 0.3, MIDDLE + 0.1), back=True)
    beside = OUT + 0.62
    pen.arrow((6.9, BUS + 0.35), (beside, BUS + 0.35), (beside, TOP - 0.15), back=True)
    for at, text in (((4.6, high), "$dc$"), ((1.8, high), "$dc$"), ((0.2, high), "$dc \\odot f$")):
        pen.name((at[0], at[1] + 0.1), text, ORANGE, va="bottom")
    pen.name((SUM + 0.42, 2.5), "$dc$", ORANGE, ha="left")
    for height, text in ((LAYERS, "$\\odot\\ o$"), (MIDDLE, "$\\odot$ slope"), (TOP - 0.35, "joins $dc$")):
        pen.name((beside + 0.1, height), text, ORANGE, ha="left", fontsize=9)
    pen.name((7.0, BUS + 0.42), "$dh$", ORANGE, ha="left")


def _vanilla_back(pen: Pen) -> None:
    """Draw a vanilla cell, and the gradient's one way from the new state to the old one."""
    pen.ax.plot([-0.4, 3.2], [TOP, TOP], color=BLUE, lw=3, zorder=0)
    pen.arrow((3.2, TOP), (3.5, TOP), colour=BLUE)
    pen.box((0.5, TOP), "$W_{hh}$", DARK)
    pen.circle((1.5, TOP), "+")
    pen.box((2.4, TOP), "tanh", BLUE)
    pen.box((1.5, LAYERS), "$W_{xh}$", DARK)
    pen.arrow((1.5, LAYERS + HALF), (1.5, TOP - ROUND))
    pen.arrow((1.5, -0.3), (1.5, LAYERS - HALF))
    pen.name((1.5, -0.4), "$x_t$", va="top")
    pen.name((-0.45, TOP), "$h_{t-1}$", ha="right")
    pen.name((3.55, TOP), "$h_t$", ha="left")
    high = TOP + 0.4
    pen.arrow((3.4, high), (2.55, high), back=True)
    pen.arrow((2.2, high), (0.7, high), back=True)
    pen.arrow((0.3, high), (-0.4, high), back=True)
    pen.name((3.1, high + 0.1), "$dh$", ORANGE, va="bottom")
    pen.name((1.55, high + 0.1), "$\\odot$ slope", ORANGE, va="bottom", fontsize=9)
    pen.name((-0.1, high + 0.1), "× $W_{hh}^\\top$", ORANGE, va="bottom", fontsize=9)


def _gru(pen: Pen, after: bool) -> None:
    pen.ax.plot([-0.3, 7.2], [TOP, TOP], color=BLUE, lw=3, zorder=0)
    pen.arrow((7.2, TOP), (7.5, TOP), colour=BLUE)
    pen.name((-0.35, TOP), "$h_{t-1}$", ha="right")
    pen.name((7.55, TOP), "$h_t$", ha="left")
    pen.circle((UPDATE, TOP), "×")
    pen.circle((NEW, TOP), "+")
    pen.circle((NEW, MIDDLE), "×")
    for place, letter in ((UPDATE, "z"), (RESET, "r")):
        pen.box((place, LAYERS), f"${letter}$  $\\sigma$", GREEN)
        pen.arrow((place, BUS), (place, LAYERS - HALF))
        pen.name((place, BUS - 0.1), "$x_t,\\ h_{t-1}$", va="top", fontsize=8)
    pen.box((NEW, LAYERS), "$n$  tanh", ORANGE, width=1.3)
    pen.arrow((UPDATE, LAYERS + HALF), (UPDATE, TOP - ROUND))
    pen.arrow((UPDATE, MIDDLE), (NEW - ROUND, MIDDLE))
    pen.name((3.4, MIDDLE + 0.08), "$1 - z$", va="bottom", fontsize=8)
    pen.arrow((NEW, LAYERS + HALF), (NEW, MIDDLE - ROUND))
    pen.arrow((NEW, MIDDLE + ROUND), (NEW, TOP - ROUND))
    pen.arrow((NEW + 0.25, BUS), (NEW + 0.25, LAYERS - HALF))
    pen.name((NEW + 0.25, BUS - 0.1), "$x_t$", va="top", fontsize=8)
    _gru_memory(pen, after)


def _gru_memory(pen: Pen, after: bool) -> None:
    """Draw what reaches the candidate from the memory: the product and the reset gate, in one order or the other."""
    crossing = (MEMORY if after else MEMORY - 0.6, LAYERS)
    product = (MEMORY, BUS - 0.05) if after else (MEMORY + 0.5, LAYERS)
    pen.circle(crossing, "×")
    pen.arrow((RESET + 0.42, LAYERS), (crossing[0] - ROUND, LAYERS))
    pen.name((crossing[0], -0.65), "$h_{t-1}$", va="top", fontsize=8)
    pen.box(product, "$W_{hn}$", BLUE)
    if after:
        pen.arrow((MEMORY, -0.6), (MEMORY, product[1] - HALF))
        pen.arrow((MEMORY, product[1] + HALF), (MEMORY, LAYERS - ROUND))
        pen.arrow((MEMORY + ROUND, LAYERS), (NEW - 0.65, LAYERS))
    else:
        pen.arrow((crossing[0], -0.6), (crossing[0], LAYERS - ROUND))
        pen.arrow((crossing[0] + ROUND, LAYERS), (product[0] - 0.42, LAYERS))
        pen.arrow((product[0] + 0.42, LAYERS), (NEW - 0.65, LAYERS))
