"""Save every figure of the course as a reader sees it: ``python tools/pictures.py [UNIT …]``, all units without a name.

Each unit's notebook with answers in place is run, and each figure it shows becomes four files in build/pictures/:
unit-cell-1200.png and unit-cell-390.png, a wide page and a telephone, and the same two in grey. index.html shows them
with their descriptions.
"""

from __future__ import annotations

import base64
import io
import re
import sys
from collections.abc import Iterator, Sequence
from html import unescape
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from PIL import Image

import solutions
from autograder.build import instructor_notebook
from autograder.paths import ROOT

PICTURES = ROOT / "build" / "pictures"
WIDTHS = (1200, 390)
TAG = re.compile(r'<img src="data:image/png;base64,(?P<png>[^"]+)"[^>]* alt="(?P<alt>[^"]*)"')


def main(names: Sequence[str]) -> None:
    """Save the figures of the units ``names``, or of all, and say how many there are."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    for name in names or solutions.units():
        saved = [_save(f"{name[:3]}-{cell}", png, alt) for cell, png, alt in figures(name)]
        index = PICTURES / f"{name[:3]}.html"
        index.write_text("\n".join(["<!doctype html><meta charset=utf-8>", *saved]), encoding="utf-8")
        print(f"{name}: {len(saved)} figures, {index.relative_to(ROOT)}", flush=True)


def figures(name: str) -> Iterator[tuple[str, bytes, str]]:
    """Run a unit; yield, for each figure that it shows, the cell's key, the PNG data and the description."""
    nb = nbformat.from_dict(instructor_notebook(solutions.unit(name)))
    NotebookClient(nb, timeout=600, resources={"metadata": {"path": ROOT / "build"}}).execute()
    for cell in nb.cells:
        shown = "".join(o.data.get("text/html", "") for o in cell.get("outputs", []) if "data" in o)
        for count, tag in enumerate(TAG.finditer(shown), start=1):
            key = cell.id if count == 1 else f"{cell.id}-{count}"
            yield key, base64.b64decode(tag["png"]), unescape(tag["alt"])


def _save(stem: str, png: bytes, alt: str) -> str:
    """Write the four files of a figure; return the lines of the page that shows them."""
    lines = [f"<h2>{stem}</h2><p>{alt}</p>"]
    with Image.open(io.BytesIO(png)) as picture:
        for mode, ending in (("RGB", ""), ("L", "-grey")):
            for width in WIDTHS:
                height = round(picture.height * width / picture.width)
                file = Path(f"{stem}-{width}{ending}.png")
                picture.convert(mode).resize((width, height), Image.Resampling.LANCZOS).save(PICTURES / file)
                lines.append(f'<img src="{file}" alt="">')
    return "\n".join(lines)


if __name__ == "__main__":
    main(sys.argv[1:])
