"""Showing a figure with a text alternative."""

from __future__ import annotations

import base64
import io
from dataclasses import dataclass
from html import escape

from IPython.display import display
from matplotlib.figure import Figure

DOTS_PER_INCH = 100
SHARPNESS = 2


@dataclass(frozen=True)
class Picture:
    """A drawn figure: PNG data, its width on the page in pixels, and its text alternative.

    Neither JupyterLab 4.6 nor nbconvert's default template gives an ``alt`` attribute to image/png outputs, whatever
    their metadata say; so the picture is shown as HTML, or as its text where there is no HTML.
    """

    png: bytes
    width: int
    alt: str

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.png).decode("ascii")
        style = "max-width:100%;height:auto;background:white"
        return (
            f'<img src="data:image/png;base64,{data}" width="{self.width}" '
            f'alt="{escape(self.alt, quote=True)}" style="{style}">'
        )

    def __repr__(self) -> str:
        return f"Figure: {self.alt}"


def show(figure: Figure, alt: str) -> None:
    """Show ``figure`` in the notebook, described by ``alt`` for screen readers and where pictures are not shown.

    Raises ValueError if ``alt`` is empty.
    """
    if not alt.strip():
        raise ValueError("a figure needs a description: show(figure, alt='...')")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DOTS_PER_INCH * SHARPNESS, metadata={"Software": None})
    display(Picture(buffer.getvalue(), round(figure.get_figwidth() * DOTS_PER_INCH), alt))
