"""The common style of all figures: style sheet, colours, an empty figure."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

STYLE = Path(__file__).parent.parent / "course.mplstyle"

# From the colour-blind safe palette of Okabe and Ito (2008).
BLUE, ORANGE, GREEN = "#0072B2", "#D55E00", "#009E73"
# Of the lines of one figure; they differ in their dashes as well, so that they can be distinguished without colour.
COLOURS = (BLUE, ORANGE, GREEN, "#000000", "#CC79A7", "#E69F00")
DASHES = ("-", "--", ":", "-.", (0, (5, 1, 1, 1, 1, 1)), (0, (8, 3)))

# Applied while a figure is drawn; the reader's Matplotlib settings stay unchanged.
styled = mpl.rc_context(fname=STYLE)


def empty(width: float, height: float, rows: int = 1, columns: int = 1, **options: Any) -> tuple[Figure, Any]:
    """Return a figure of this size in inches, and its axes as an array of shape (rows, columns).

    The figure is not registered with pyplot, so a notebook does not show it a second time.
    """
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.subplots(rows, columns, squeeze=False, **options)
