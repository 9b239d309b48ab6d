"""Charts of numbers: heat map, histograms, curves, pictures side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from rnnlab.plots.style import BLUE, COLOURS, DASHES, empty, styled


@styled
def heat_map(
    values: ArrayLike,
    rows: Sequence[str],
    columns: Sequence[str],
    x_label: str = "",
    limit: float = 1.0,
    written: bool = True,
) -> Figure:
    """Return a heat map of ``values`` (rows, columns), purple below zero and orange above, up to ±``limit``.

    With ``written``, each number is written in its cell, so that the map can be read without colour.
    """
    table = np.asarray(values, dtype=np.float64)
    figure, axes = empty(min(7.0, 2.2 + 0.75 * table.shape[1]), 0.9 + 0.42 * table.shape[0])
    ax = axes[0, 0]
    image = ax.imshow(table, cmap="PuOr_r", vmin=-limit, vmax=limit, aspect="auto")
    ax.set_xticks(range(len(columns)), columns)
    ax.set_yticks(range(len(rows)), rows)
    ax.tick_params(length=0)
    ax.spines[:].set_visible(False)
    ax.set_xlabel(x_label)
    figure.colorbar(image, ax=ax, ticks=[-limit, 0, limit])
    if written:
        for (row, column), value in np.ndenumerate(table):
            ink = "white" if abs(value) > 0.65 * limit else "black"
            ax.text(column, row, f"{value:+.2f}".replace("-", "−"), ha="center", va="center", color=ink)
    return figure


@styled
def scores(table: ArrayLike, symbols: Sequence[str], steps: Sequence[str], wanted: Sequence[int]) -> Figure:
    """Return a heat map of scores (symbols, steps); a frame marks the wanted symbol of each step, a star the highest.

    ``wanted`` holds the index of the wanted symbol for each step.
    """
    values = np.asarray(table, dtype=np.float64)
    limit = float(np.ceil(np.abs(values).max()))
    figure = heat_map(values, symbols, steps, limit=limit)
    ax = figure.axes[0]
    for step, (symbol, best) in enumerate(zip(wanted, values.argmax(axis=0), strict=True)):
        ax.add_patch(Rectangle((step - 0.47, symbol - 0.45), 0.94, 0.9, fill=False, edgecolor="black", linewidth=2.5))
        ink = ax.texts[int(best) * values.shape[1] + step].get_color()
        ax.text(step + 0.33, best, "★", ha="center", va="center", color=ink)
    return figure


@styled
def histograms(groups: Mapping[str, ArrayLike], x_label: str, limits: tuple[float, float] = (-1, 1)) -> Figure:
    """Return a histogram of each group of values, side by side on the same axes; the keys are the titles.

    The height of a bar is the share of the group's values in it, in percent.
    """
    figure, axes = empty(7.0, 2.5, 1, len(groups), sharey=True)
    edges = np.linspace(*limits, 21)
    for ax, (title, values) in zip(axes[0], groups.items(), strict=True):
        flat = np.asarray(values, dtype=np.float64).ravel()
        ax.hist(flat, bins=edges, weights=np.full(flat.size, 100 / flat.size), color=BLUE)
        ax.set_title(title)
        ax.set_xticks([limits[0], sum(limits) / 2, limits[1]])
    axes[0, 0].set_ylabel("share of values (%)")
    figure.supxlabel(x_label, fontsize=10)
    return figure


@styled
def curves(lines: Mapping[str, ArrayLike], x_label: str, y_label: str) -> Figure:
    """Return the curves ``lines`` over their step number 1, 2, ..., each in dashes of its own.

    The key of a curve stands at its end, on white, so that it can be read where another curve passes.
    """
    figure, axes = empty(6.5, 2.8)
    ax = axes[0, 0]
    for (name, values), dash, colour in zip(lines.items(), cycle(DASHES), cycle(COLOURS), strict=False):
        height = np.asarray(values, dtype=np.float64)
        ax.plot(np.arange(1, len(height) + 1), height, linestyle=dash, color=colour)
        ax.annotate(
            name,
            (len(height), height[-1]),
            xytext=(5, 0),
            textcoords="offset points",
            color=colour,
            va="center",
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1},
        )
    ax.set_xlabel(x_label)
    ax.set_ylabel(y_label)
    ax.margins(x=0.02)
    return figure


@styled
def gallery(images: Sequence[ArrayLike], titles: Sequence[str], x_label: str = "", y_label: str = "") -> Figure:
    """Return greyscale pictures of 2-d arrays, values 0 (white) to 1 (black), side by side.

    Pixels are square, except in an array of one column, which would be too thin to see: it is stretched to a square.
    Only the first picture has axis labels.
    """
    arrays = [np.asarray(image, dtype=np.float64) for image in images]
    further_lines = max(title.count("\n") for title in titles)
    figure, axes = empty(7.0, (1.5 if len(arrays) > 4 else 2.9) + 0.2 * further_lines, 1, len(arrays))
    for ax, array, title in zip(axes[0], arrays, titles, strict=True):
        _picture(ax, array, title)
    axes[0, 0].set_xlabel(x_label)
    axes[0, 0].set_ylabel(y_label)
    return figure


def _picture(ax: Any, array: Any, title: str) -> None:
    thin = array.shape[1] == 1
    ax.imshow(array, cmap="gray_r", vmin=0, vmax=1, aspect="auto" if thin else "equal")
    if thin:
        ax.set_box_aspect(1)
    ax.set_title(title)
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(True)
