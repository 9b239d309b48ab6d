"""Figures of image captioning: the network, captioned scenes, attention and what a position sees, shares as bars."""

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

POSITIONS = 6  # a side of the grid that attention looks at


@styled
def pipeline(words: Sequence[str]) -> Figure:
    """Return the captioning network drawn for a caption: CNN, image vector, and a step of the RNN for each word.

    The CNN's last layers are struck out; a solid arrow leads from the image vector to the first step, dotted ones to
    the others, and dashed ones from each word to the input that it becomes.
    """
    figure, axes = empty(7.0, 3.3)
    ax = _canvas(axes[0, 0], -4.3, 1.6 * len(words) + 1.6, -1.75, 3.2)
    for x, width, text, color in ((-3.7, 1.0, "image", GREEN), (-2.2, 1.1, "CNN", BLUE)):
        _box(ax, x, -1.1, width, 0.7, color)
        ax.text(x, -1.1, text, ha="center", va="center")
    _arrow(ax, (-3.15, -1.1), (-2.8, -1.1))
    _cut_layers(ax, -2.2, ("1,000 scores", "softmax"))
    ax.text(-1.1, -0.95, "$v$", ha="center", va="bottom", fontsize=12)
    ax.text(0.0, 1.3, "$h_0$", ha="center", va="center")
    inputs, outputs = ["START", *words], [*words, "END"]
    ax.plot([-1.6, 1.6 * len(words) + 0.4], [-1.1, -1.1], color="0.25", lw=1.5)
    for t, (given, wanted) in enumerate(zip(inputs, outputs, strict=True)):
        x = 1.6 * t + 1.0
        _node(ax, x, 0, given, GREEN)
        _node(ax, x, 1.3, f"$h_{t + 1}$", BLUE)
        _node(ax, x, 2.6, wanted, ORANGE)
        _arrow(ax, (x, 0.3), (x, 1.0))
        _arrow(ax, (x, 1.6), (x, 2.3))
        _arrow(ax, (x - (1.15 if t else 0.75), 1.3), (x - 0.45, 1.3))
        _image_arrow(ax, x, dotted=t > 0)
        if t < len(words):
            _feedback(ax, x)
    ax.text(0.32, -0.5, "$v\\,W_{ih}$", ha="right", va="center", fontsize=9)
    return figure


def _cut_layers(ax: Any, x: float, names: Sequence[str]) -> None:
    """Draw the layers that a CNN made for classification would have above ``x``, and the cut that takes them off."""
    for level, name in enumerate(names):
        y = 0.85 + 0.9 * level
        ax.plot([x, x], [y - 0.6 if level else -0.68, y - 0.3], color="0.6", lw=1.2, ls=":")
        ax.add_patch(Rectangle((x - 0.8, y - 0.28), 1.6, 0.56, fill=False, ec="0.5", ls="--"))
        ax.text(x, y, name, ha="center", va="center", fontsize=9, color="0.35")
    ax.plot([x - 0.45, x + 0.45], [-0.2, 0.1], color="black", lw=2)
    ax.text(x + 0.55, -0.05, "cut", ha="left", va="center", fontsize=10)


def _image_arrow(ax: Any, x: float, dotted: bool) -> None:
    """Draw the way from the image's line round the word's box into the state."""
    look = {"color": "0.25", "lw": 1.5, "ls": ":" if dotted else "-"}
    ax.plot([x - 0.6, x - 0.6], [-1.1, 0.75], **look)
    ax.annotate("", (x - 0.3, 1.0), (x - 0.6, 0.74), arrowprops={"arrowstyle": "->", **look})


def _feedback(ax: Any, x: float) -> None:
    """Draw how the word written at ``x`` becomes the next step's input."""
    look = {"color": ORANGE, "lw": 1.3, "ls": "--"}
    ax.plot([x + 0.45, x + 0.72, x + 0.72], [2.6, 2.6, 0.0], **look)
    ax.annotate("", (x + 1.2, 0.0), (x + 0.71, 0.0), arrowprops={"arrowstyle": "->", **look})


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
        ax.set_xlabel("\n".join(fill(line, 21) for line in title.splitlines()), fontsize=9)
        if scenes:
            _letters(ax, scenes[at])
    return figure


@styled
def positions(image: ArrayLike, field: tuple[int, int, int, int], position: tuple[int, int]) -> Figure:
    """Return an image (3, S, S) with the lines of its 6 x 6 positions, one of them, and the pixels that it depends on.

    ``field`` is the first and last row and the first and last column of those pixels.
    """
    picture = np.asarray(image, dtype=np.float64)
    pixels = picture.shape[1] // POSITIONS
    figure, axes = empty(4.6, 2.6, 1, 2, width_ratios=(1, 1))
    left, right = axes[0]
    _picture(left, picture)
    left.set_title("the image")
    _picture(right, picture)
    right.set_title("36 positions")
    for line in range(1, POSITIONS):
        right.axhline(line * pixels - 0.5, color="0.6", lw=0.6)
        right.axvline(line * pixels - 0.5, color="0.6", lw=0.6)
    row, column = position
    corner = (column * pixels - 0.5, row * pixels - 0.5)
    right.add_patch(Rectangle(corner, pixels, pixels, fill=False, ec="black", lw=2))
    _outline(right, field, picture.shape[1])
    return figure


@styled
def attention(
    image: ArrayLike,
    words: Sequence[str],
    weights: ArrayLike,
    boxes: Sequence[Scene],
    fields: Sequence[tuple[int, int, int, int]] = (),
) -> Figure:
    """Return an image (3, S, S) once for each word, bright where the word's attention weights (T, L) are large.

    L must be a square number: the weights are those of a square grid, row by row.
    ``boxes`` holds for each word the things that it is about; their cells are outlined. ``fields``, where given, the
    pixels (first and last row, first and last column) that the strongest position depends on: a dotted outline.
    """
    alphas = np.asarray(weights, dtype=np.float64)
    picture = np.asarray(image, dtype=np.float64)
    side = round(alphas.shape[1] ** 0.5)
    columns = min(4, len(words))
    rows = -(-len(words) // columns)
    figure, axes = empty(6.4, 1.9 * rows, rows, columns)
    for ax in axes.flat[len(words) :]:
        ax.axis("off")
    for at, (ax, word, alpha) in enumerate(zip(axes.flat, words, alphas, strict=False)):
        light = np.kron(alpha.reshape(side, side), np.ones((picture.shape[1] // side,) * 2))
        # A word whose attention is spread evenly stays dim all over; one that looks at one spot lights it up.
        _picture(ax, picture * (0.4 + 0.6 * np.minimum(1.0, 4 * light)))
        ax.set_title(word)
        for thing in boxes[at]:
            corner = (thing.column * CELL - 0.5, thing.row * CELL - 0.5)
            ax.add_patch(Rectangle(corner, CELL, CELL, fill=False, ec="white", lw=2))
            ax.add_patch(Rectangle(corner, CELL, CELL, fill=False, ec="black", lw=2, ls="--"))
        if fields:
            _outline(ax, fields[at], picture.shape[1])
    return figure


@styled
def bars(shares: Mapping[str, float | Sequence[float]], x_label: str) -> Figure:
    """Return a horizontal bar for each share, from 0 to 1, with its name on the left and its number at its end.

    Where several shares stand for one name, the bar and its number are their mean, and each is a dot.
    """
    figure, axes = empty(6.5, 0.7 + 0.38 * len(shares))
    ax = axes[0, 0]
    each = [np.atleast_1d(np.asarray(share, dtype=np.float64)) for share in shares.values()]
    means = [float(values.mean()) for values in each]
    ax.barh(list(shares), means, color=BLUE, height=0.6)
    for at, (values, mean) in enumerate(zip(each, means, strict=True)):
        if len(values) > 1:
            ax.plot(values, [at] * len(values), "o", mfc="white", mec="black", ms=5, clip_on=False)
        ax.text(max(values) + 0.02, at, f"{mean:.3f}", va="center")
    ax.invert_yaxis()
    ax.set_xlim(0, 1.12)
    ax.set_xticks([0, 0.5, 1])
    ax.tick_params(axis="y", length=0, pad=8)
    ax.set_xlabel(x_label)
    return figure


@styled
def looks(maps: Mapping[str, ArrayLike]) -> Figure:
    """Return attention weights (T, T) as grey squares, a map for each name; a cross marks each mirrored place.

    A row is a written symbol, a column a place of the input.
    """
    figure, axes = empty(6.4, 3.2, 1, len(maps))
    for ax, (title, weights) in zip(axes[0], maps.items(), strict=True):
        alpha = np.asarray(weights, dtype=np.float64)
        T = len(alpha)
        ax.imshow(alpha, cmap="gray_r", vmin=0, vmax=1)
        for color, width, size in (("white", 4, 9), (ORANGE, 2, 7)):  # an edge, to be seen on dark squares in grey too
            ax.plot(np.arange(T)[::-1], np.arange(T), "x", color=color, mew=width, ms=size)
        ax.set_title(title)
        ax.set_xticks(range(T), range(1, T + 1))
        ax.set_yticks(range(T), range(1, T + 1))
        ax.tick_params(length=0)
        ax.spines[:].set_visible(True)
        ax.set_xlabel("place in the input")
    axes[0, 0].set_ylabel("digit written")
    return figure


def _outline(ax: Any, field: tuple[int, int, int, int], size: int) -> None:
    """Draw a dotted line round the pixels of a receptive field, as far as they lie in the picture."""
    top, bottom, left, right = (min(max(edge, 0), size - 1) for edge in field)
    corner, size_of = (left - 0.5, top - 0.5), (right - left + 1, bottom - top + 1)
    ax.add_patch(Rectangle(corner, *size_of, fill=False, ec="white", lw=2.5))
    ax.add_patch(Rectangle(corner, *size_of, fill=False, ec="black", lw=1.5, ls=":"))


def _picture(ax: Any, picture: Any) -> None:
    ax.imshow(picture.transpose(1, 2, 0))
    ax.set_xticks([])
    ax.set_yticks([])
    ax.spines[:].set_visible(True)


def _letters(ax: Any, scene: Scene) -> None:
    for thing in scene:
        corner = (thing.column + 1) * CELL - 2, (thing.row + 1) * CELL - 2
        ax.text(*corner, thing.colour[0].upper(), ha="center", va="center", fontsize=8, weight="bold")
