"""Figures of image captioning: the network, scenes with captions, attention word by word, shares as bars."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import fill
from typing import Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from numpy.typing import ArrayLike

from rnnlab.plots.diagrams import _arrow, _box, _canvas, _node
from rnnlab.plots.style import BLUE, GREEN, ORANGE, empty, styled
from rnnlab.scenes import CELL, Scene


@styled
def pipeline(words: Sequence[str]) -> Figure:
    """Return the captioning network drawn for a caption: CNN, image vector, and a step of the RNN for each word.

    A solid arrow leads from the image vector to the first step, dashed ones to the others.
    """
    figure, axes = empty(7.0, 3.0)
    ax = _canvas(axes[0, 0], -3.4, 1.5 * len(words) + 1.5, -1.75, 3.1)
    _box(ax, -2.7, -1.1, 1.0, 0.8, GREEN)
    ax.text(-2.7, -1.1, "image", ha="center", va="center")
    _arrow(ax, (-2.15, -1.1), (-1.75, -1.1))
    _box(ax, -1.2, -1.1, 0.9, 0.8, BLUE)
    ax.text(-1.2, -1.1, "CNN", ha="center", va="center")
    ax.text(-0.15, -1.1, "$v$", ha="center", va="center", fontsize=12)
    _arrow(ax, (-0.7, -1.1), (-0.35, -1.1))
    ax.text(-0.1, 1.3, "$h_0$", ha="center", va="center")
    inputs, outputs = ["START", *words], [*words, "END"]
    ax.plot([0.05, 1.5 * len(words) + 0.3], [-1.1, -1.1], color="0.25", lw=1.2)
    for t, (given, wanted) in enumerate(zip(inputs, outputs, strict=True)):
        x = 1.5 * t + 0.9
        _node(ax, x, 0, given, GREEN)
        _node(ax, x, 1.3, f"$h_{t + 1}$", BLUE)
        _node(ax, x, 2.6, wanted, ORANGE)
        _arrow(ax, (x, 0.3), (x, 1.0))
        _arrow(ax, (x, 1.6), (x, 2.3))
        _arrow(ax, (x - (1.05 if t else 0.75), 1.3), (x - 0.45, 1.3))
        _image_arrow(ax, x, dashed=t > 0)
    ax.text(1.05, -0.75, "$v\\,W_{ih}$", ha="left", va="center", fontsize=9)
    return figure


def _image_arrow(ax: Any, x: float, dashed: bool) -> None:
    """Draw the path from the image's line around the word's box to the state."""
    ax.plot([x - 0.6, x - 0.6], [-1.1, 0.75], color="0.25", lw=1.2, ls=":" if dashed else "-")
    style = {"arrowstyle": "->", "color": "0.25", "lw": 1.2, "ls": ":" if dashed else "-"}
    ax.annotate("", (x - 0.3, 1.0), (x - 0.6, 0.74), arrowprops=style)


@styled
def sheet(images: ArrayLike, titles: Sequence[str], scenes: Sequence[Scene] = (), columns: int = 4) -> Figure:
    """Return colour pictures (N, 3, S, S), from 0 to 1, in rows of ``columns``, each with its title below it.

    With their ``scenes``, the first letter of its colour is drawn beside every thing, so that the picture can be read
    without colour.
    """
    pictures = np.asarray(images, dtype=np.float64)
    rows = -(-len(pictures) // columns)
    figure, axes = empty(7.0, 2.1 * rows, rows, columns)
    for ax in axes.flat[len(pictures) :]:
        ax.axis("off")
    for at, (ax, picture, title) in enumerate(zip(axes.flat, pictures, titles, strict=False)):
        _picture(ax, picture)
        ax.set_xlabel("\n".join(fill(line, 22) for line in title.splitlines()), fontsize=9)
        if scenes:
            _letters(ax, scenes[at])
    return figure


@styled
def attention(image: ArrayLike, words: Sequence[str], weights: ArrayLike, boxes: Sequence[Scene]) -> Figure:
    """Return an image (3, S, S) once for each word, bright where the word's attention weights (T, L) are large.

    L must be a square number: the weights are those of a square grid, row by row.
    ``boxes`` holds for each word the things that it is about; their cells are outlined.
    """
    alphas = np.asarray(weights, dtype=np.float64)
    picture = np.asarray(image, dtype=np.float64)
    side = round(alphas.shape[1] ** 0.5)
    columns = min(5, len(words))
    rows = -(-len(words) // columns)
    figure, axes = empty(7.0, 1.65 * rows, rows, columns)
    for ax in axes.flat[len(words) :]:
        ax.axis("off")
    for ax, word, alpha, things in zip(axes.flat, words, alphas, boxes, strict=False):
        light = np.kron(alpha.reshape(side, side), np.ones((picture.shape[1] // side,) * 2))
        # A word whose attention is spread evenly stays dim all over; one that looks at one spot lights it up.
        _picture(ax, picture * (0.4 + 0.6 * np.minimum(1.0, 4 * light)))
        ax.set_title(word)
        for thing in things:
            corner = (thing.column * CELL - 0.5, thing.row * CELL - 0.5)
            ax.add_patch(Rectangle(corner, CELL, CELL, fill=False, ec="white", lw=2))
            ax.add_patch(Rectangle(corner, CELL, CELL, fill=False, ec="black", lw=2, ls="--"))
    return figure


@styled
def bars(shares: Mapping[str, float], x_label: str) -> Figure:
    """Return a horizontal bar for each share, from 0 to 1, with its name on the left and its number at its end."""
    figure, axes = empty(6.5, 0.7 + 0.38 * len(shares))
    ax = axes[0, 0]
    names = list(shares)
    ax.barh(names, list(shares.values()), color=BLUE, height=0.6)
    for at, share in enumerate(shares.values()):
        ax.text(share + 0.01, at, f"{share:.3f}", va="center")
    ax.invert_yaxis()
    ax.set_xlim(0, 1.08)
    ax.set_xticks([0, 0.5, 1])
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel(x_label)
    return figure


def _picture(ax: Any, picture: Any) -> None:
    ax.imshow(picture.transpose(1, 2, 0))
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(True)


def _letters(ax: Any, scene: Scene) -> None:
    for thing in scene:
        corner = (thing.column + 1) * CELL - 2, (thing.row + 1) * CELL - 2
        ax.text(*corner, thing.colour[0].upper(), ha="center", va="center", fontsize=8, weight="bold")
