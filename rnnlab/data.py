"""Small data sets that the units share; all are generated, nothing is downloaded."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Integers = NDArray[np.int64]

TASKS: dict[str, str] = {
    "image classification": "One photo comes in, one label such as 'cat' goes out.",
    "house price": "One list of ten facts about a house comes in, one price goes out.",
    "image captioning": "One photo comes in, a sentence that describes it goes out word by word.",
    "drawing a digit": "One digit comes in, the pen strokes that draw it go out one after another.",
    "sentiment analysis": "A film review comes in word by word, one verdict, good or bad, goes out at its end.",
    "spam detection": "An e-mail comes in word by word, one verdict, spam or not, goes out at its end.",
    "video clip classification": "A video comes in frame by frame, one label for the whole clip goes out at its end.",
    "machine translation": "An English sentence comes in; after its last word a Korean sentence goes out word by word.",
    "chatbot": "A question comes in; after its last word an answer goes out word by word.",
    "part-of-speech tagging": "A sentence comes in, and with every word its tag, such as noun or verb, goes out.",
    "per-frame video labelling": "A video comes in, and with every frame a label of the scene goes out.",
    "fall alarm": "Readings of a motion sensor come in, and with every reading 'fall' or 'no fall' goes out.",
}

# Untrained weights of a network with three hidden units that reads the letters e, h, l, o one by one and scores them.
HELLO_CELL = {
    "W_xh": np.array([[-1.5, 1.0, 1.0], [0.0, 0.5, -1.5], [1.0, 1.5, 0.0], [1.0, 0.5, 1.5]]),
    "W_hh": np.array([[0.0, 1.0, -1.0], [-0.5, -0.5, 1.0], [0.5, 0.0, 0.5]]),
    "b_h": np.zeros(3),
}
HELLO_READOUT = {
    "W_hy": np.array([[-3.0, -1.0, 1.0, 3.0], [3.0, 2.0, 0.0, 1.0], [-1.0, 3.0, 3.0, -4.0]]),
    "b_y": np.zeros(4),
}

SIDE = 8

_GLYPHS = (
    " ### #   ##  ### # ###  ##   # ### ",
    "  #   ##  # #    #    #    #  #####",
    " ### #   #    #   #   #   #   #####",
    "#### #   #    # ###     #    ##### ",
    "   #   ##  # # #  # #####   #    # ",
    "######    #### #   #    #    ##### ",
    " ### #    #    #### #   ##   # ### ",
    "#####    #   #   #   #    #    #   ",
    " ### #   ##   # ### #   ##   # ### ",
    " ### #   ##   # ####    #    # ### ",
)


def glyphs() -> Floats:
    """Return the ten digits as clean bitmaps, shape (10, 7, 5): 1 for ink, 0 for paper."""
    ink = [[mark == "#" for mark in glyph] for glyph in _GLYPHS]
    return np.array(ink, dtype=np.float64).reshape(10, 7, 5)


def digits(n: int, seed: int) -> tuple[Floats, Integers]:
    """Return ``n`` small digit images (n, 8, 8), from 0 (paper) to 1 (ink), and their labels (n,), 0 to 9.

    Every image is a glyph, shifted, slanted, drawn lighter or darker, with noise added.
    The same ``seed`` gives the same images.
    """
    rng = np.random.default_rng(seed)
    labels = rng.integers(0, 10, size=n)
    clean = glyphs()
    images = np.zeros((n, SIDE, SIDE))
    for image, label in zip(images, labels, strict=True):
        _draw(image, clean[label], rng)
    noisy = images + rng.normal(0.0, 0.12, size=images.shape)
    return np.clip(noisy, 0.0, 1.0), labels


def pen_strokes() -> Floats:
    """Return the house number 47 as six pen strokes in the order of writing, shape (6, 4): x0, y0, x1, y1."""
    return np.array(
        [
            [0.20, 1.00, 0.05, 0.40],
            [0.05, 0.40, 0.40, 0.40],
            [0.30, 0.65, 0.30, 0.00],
            [0.55, 1.00, 0.95, 1.00],
            [0.95, 1.00, 0.70, 0.00],
            [0.65, 0.50, 0.95, 0.50],
        ]
    )


def _draw(image: Floats, glyph: Floats, rng: Any) -> None:
    """Draw ``glyph`` into ``image``, shifted by up to two pixels and slanted by up to one pixel at either end."""
    top, left = rng.integers(0, 2), rng.integers(1, 3)
    lean, ink = rng.uniform(-0.4, 0.4), rng.uniform(0.6, 1.0)
    for row, marks in enumerate(glyph):
        start = left + round(lean * (3 - row))
        image[top + row, start : start + 5] = ink * marks
