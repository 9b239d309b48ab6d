"""Figures of unit 03: activations and their derivatives, curves over many powers of ten, an error surface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from rnnlab.plots.style import COLOURS, DASHES, ORANGE, empty, styled


@styled
def slopes(a: ArrayLike, functions: Mapping[str, tuple[ArrayLike, ArrayLike]]) -> Figure:
    """Return two panels over ``a`` (n,): the values of each function on the left, its derivatives on the right."""
    figure, axes = empty(7.0, 2.7, 1, 2)
    for ax, part, title in zip(axes[0], (0, 1), ("value", "derivative"), strict=True):
        for name, curve, dash, colour in zip(functions, functions.values(), DASHES, COLOURS, strict=False):
            ax.plot(np.asarray(a), np.asarray(curve[part]), linestyle=dash, color=colour, label=name)
        ax.set_title(title)
        ax.set_xlabel("$a$")
    axes[0, 0].set_ylim(-1.1, 2.1)
    axes[0, 0].legend()
    return figure


@styled
def panels(
    groups: Mapping[str, Mapping[str, ArrayLike]],
    x_label: str,
    y_label: str,
    lowest: float | None = None,
    scale: Literal["log", "linear"] = "log",
    every: int = 1,
) -> Figure:
    """Return a panel for each group of lines, all with the same vertical axis; the keys are titles and labels.

    The values of a line stand at 0, ``every``, 2 ``every``, ...; where they stop being finite it ends with a cross.
    Values under ``lowest`` are cut off.
    """
    figure, axes = empty(7.0, 3.2, 1, len(groups), sharey=True)
    for ax, (title, lines) in zip(axes[0], groups.items(), strict=True):
        for (name, values), dash, colour in zip(lines.items(), DASHES, COLOURS, strict=False):
            _line(ax, np.asarray(values, dtype=np.float64), every, label=name, linestyle=dash, color=colour)
        ax.set_title(title)
        ax.set_yscale(scale)
        ax.set_xlabel(x_label)
    # Set last: earlier, the shared axis would no longer grow with the later panels.
    axes[0, 0].set_ylim(bottom=lowest)
    axes[0, 0].set_ylabel(y_label)
    handles, names = axes[0, 0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=3, handlelength=3)
    return figure


@styled
def surface(w: ArrayLike, b: ArrayLike, error: ArrayLike, cuts: Sequence[float]) -> Figure:
    """Return the error (len(b), len(w)) over two parameters as a landscape, and beside it its height along b.

    cuts: values of w, at the nearest of which the landscape is cut.
    """
    w, b, height = np.asarray(w), np.asarray(b), np.asarray(error)
    figure = Figure(figsize=(7.0, 3.2), layout="constrained")
    left = figure.add_subplot(1, 2, 1, projection="3d")
    left.plot_surface(*np.meshgrid(w, b), height, cmap="cividis", rcount=120, ccount=120, linewidth=0)
    left.set(xlabel="$w$", ylabel="$b$", title="error")
    left.locator_params(axis="y", nbins=3)  # more labels would touch each other
    left.view_init(elev=35, azim=-30)
    right = figure.add_subplot(1, 2, 2)
    for cut, dash, colour in zip(cuts, DASHES, COLOURS, strict=False):
        right.plot(b, height[:, np.abs(w - cut).argmin()], linestyle=dash, color=colour, label=f"$w$ = {cut:g}")
    right.set(xlabel="$b$", ylabel="error", title="two cuts")
    right.legend()
    return figure


@styled
def paths(w: ArrayLike, b: ArrayLike, error: ArrayLike, walks: Mapping[str, ArrayLike]) -> Figure:
    """Return maps of the error (len(b), len(w)), one for each walk (steps, 2) of w and b, drawn as joined dots.

    The part of a walk that leaves the map is cut off.
    """
    w, b = np.asarray(w), np.asarray(b)
    figure, axes = empty(7.0, 3.0, 1, len(walks), sharey=True)
    for ax, (title, walk) in zip(axes[0], walks.items(), strict=True):
        steps = np.asarray(walk, dtype=np.float64)
        image = ax.pcolormesh(w, b, np.asarray(error), cmap="Greys", shading="nearest")
        ax.plot(steps[:, 0], steps[:, 1], "o-", color=ORANGE, markersize=4, linewidth=1.2)
        ax.plot(*steps[0], "s", color="black", markersize=7)
        ax.set(title=title, xlabel="$w$", xlim=(w.min(), w.max()), ylim=(b.min(), b.max()))
    axes[0, 0].set_ylabel("$b$")
    figure.colorbar(image, ax=axes[0].tolist(), label="error")
    return figure


def _line(ax: Any, values: Any, every: int, **look: Any) -> None:
    finite = int(np.argmin(np.isfinite(values))) if not np.isfinite(values).all() else len(values)
    ax.plot(every * np.arange(finite), values[:finite], **look)
    if finite < len(values) and finite:
        ax.plot(every * (finite - 1), values[finite - 1], "x", color=look["color"], markersize=10, markeredgewidth=2.5)
