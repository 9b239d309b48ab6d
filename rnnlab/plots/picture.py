"""Showing a figure with a text alternative."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import dataclass
from html import escape
from importlib import resources

from IPython.display import display
from matplotlib.figure import Figure

from rnnlab.course import DESCRIPTIONS

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


def show(figure: Figure, name: str = "", *, alt: str = "", **values: object) -> None:
    """Show ``figure`` in the notebook, with a description for screen readers and where pictures are not shown.

    The course's own figures are described outside of their cells, so that nobody reads what comes out before it does:
    ``name`` finds the description, and ``values`` are written into it. Any other figure brings its own as ``alt``.
    Raises ValueError if there is neither, LookupError if the course has no figure of that name.
    """
    described = _description(name).format(**values) if name else alt
    if not described.strip():
        raise ValueError("a figure needs a description: show(figure, alt='...')")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=DOTS_PER_INCH * SHARPNESS, metadata={"Software": None})
    display(Picture(buffer.getvalue(), round(figure.get_figwidth() * DOTS_PER_INCH), described))


def _description(name: str) -> str:
    text = (resources.files("rnnlab") / "answers" / DESCRIPTIONS).read_text(encoding="utf-8")
    descriptions: dict[str, str] = json.loads(text)
    if name not in descriptions:
        raise LookupError(
            f"the course has no figure called {name!r}; describe a figure of your own: show(figure, alt='...')"
        )
    return descriptions[name]
