"""Loads captioned photos that you have: COCO captions, Karpathy's splits, Flickr8k; nothing is downloaded."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.image import imread
from numpy.typing import NDArray

PathLike = str | Path


@dataclass(frozen=True)
class Photo:
    """A photo: the path of its file, and its captions in lower case, words separated by spaces."""

    path: Path
    captions: tuple[str, ...]


def load_coco_captions(annotations: PathLike, images: PathLike) -> list[Photo]:
    """Return the photos of a COCO caption file such as captions_val2017.json, in the order of their names.

    ``annotations`` is the JSON file, ``images`` the folder of the photos.
    Photos without a caption are left out.
    Raises ValueError if the file has another format.
    """
    stored = _read(annotations)
    try:
        names = {image["id"]: image["file_name"] for image in stored["images"]}
        pairs = [(names[note["image_id"]], note["caption"]) for note in stored["annotations"]]
    except (KeyError, TypeError) as error:
        raise ValueError(f"{annotations} is not a COCO caption file: {error!r}") from None
    return _grouped(pairs, Path(images))


def load_karpathy_split(split_file: PathLike, images: PathLike, split: str = "train") -> list[Photo]:
    """Return the photos of one split, 'train', 'val', 'test' or 'restval', of a file in Karpathy's format.

    Such files (dataset_coco.json, dataset_flickr8k.json) hold photos of several folders; a photo's own folder, where
    the file names one, is looked for in ``images``.
    Raises ValueError if the file has another format or no such split.
    """
    stored = _read(split_file)
    try:
        known = {entry["split"] for entry in stored["images"]}
        pairs = [
            (str(Path(entry.get("filepath", "")) / entry["filename"]), sentence["raw"])
            for entry in stored["images"]
            if entry["split"] == split
            for sentence in entry["sentences"]
        ]
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{split_file} is not in Karpathy's format: {error!r}") from None
    if split not in known:
        raise ValueError(f"{split_file} has no split {split!r}; it has {', '.join(sorted(known))}")
    return _grouped(pairs, Path(images))


def load_flickr8k(captions: PathLike, images: PathLike, names: PathLike | None = None) -> list[Photo]:
    """Return the photos of Flickr8k.token.txt, whose lines read ``name.jpg#0<TAB>caption``.

    ``names``, such as Flickr_8k.trainImages.txt, lists the photos to keep, one name per line; without it all are kept.
    Raises ValueError, with the line's number, if a line has another format.
    """
    pairs = []
    for number, line in enumerate(Path(captions).read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        found = re.fullmatch(r"(.+)#\d+\t(.+)", line)
        if found is None:
            raise ValueError(f"{captions}, line {number}: expected name.jpg#0, a tab and a caption")
        pairs.append((found[1], found[2]))
    if names is not None:
        kept = set(Path(names).read_text(encoding="utf-8").split())
        pairs = [(name, caption) for name, caption in pairs if name in kept]
    return _grouped(pairs, Path(images))


def _normalized(caption: str) -> str:
    """Return a caption in lower case without punctuation, its words separated by single spaces."""
    return " ".join(re.findall(r"[^\W_]+(?:['’-][^\W_]+)*", caption.lower()))


def images(photos: Sequence[Photo], side: int = 36) -> NDArray[np.float32]:
    """Return the photos' largest centre squares, scaled down to ``side``: float32 (N, 3, side, side), from 0 to 1.

    Greyscale photos get three equal channels.
    Raises FileNotFoundError where a file is missing, ValueError for a photo smaller than ``side``.
    """
    pictures = np.empty((len(photos), 3, side, side), dtype=np.float32)
    for picture, photo in zip(pictures, photos, strict=True):
        picture[...] = _shrunk(_pixels(photo.path), side, photo.path)
    return pictures


def _read(path: PathLike) -> Any:
    return json.loads(Path(path).read_text(encoding="utf-8"))


def _grouped(pairs: Iterable[tuple[str, str]], folder: Path) -> list[Photo]:
    captions: dict[str, list[str]] = {}
    for name, caption in pairs:
        captions.setdefault(name, []).append(_normalized(caption))
    return [Photo(folder / name, tuple(texts)) for name, texts in sorted(captions.items())]


def _pixels(path: Path) -> NDArray[np.float32]:
    """Return a photo's pixels (rows, columns, 3) from 0 to 1."""
    raw = np.asarray(imread(path))
    scaled = raw.astype(np.float32) / (255.0 if raw.dtype == np.uint8 else 1.0)
    colours = scaled if scaled.ndim == 3 else np.repeat(scaled[:, :, None], 3, axis=2)
    return colours[:, :, :3]


def _shrunk(pixels: NDArray[np.float32], side: int, path: Path) -> NDArray[np.float32]:
    """Return the centre square of ``pixels`` as (3, side, side), each pixel the mean of those that it covers."""
    short = min(pixels.shape[:2])
    if short < side:
        raise ValueError(f"{path} has only {short} pixels on its short side; {side} are needed")
    top, left = ((length - short) // 2 for length in pixels.shape[:2])
    square = pixels[top : top + short, left : left + short]
    edges = np.arange(side) * short // side
    sums = np.add.reduceat(np.add.reduceat(square, edges, axis=0), edges, axis=1)
    widths = np.diff([*edges, short])
    mean = sums / np.outer(widths, widths)[:, :, None]
    return np.asarray(mean.transpose(2, 0, 1), dtype=np.float32)
