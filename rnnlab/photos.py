"""Captioned photos that a user supplies, and a captioning network trained on them; nothing is downloaded.

docs/photos.md says where such photos come from, what their licences allow, and what to expect.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.image import imread
from numpy.typing import NDArray

if TYPE_CHECKING:
    from torch import Tensor, nn

PathLike = str | Path
Floats = NDArray[np.float32]
Vocabulary = dict[str, int]


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
    """Return the photos of Flickr8k: of Flickr8k.token.txt, or of the captions.txt that Kaggle offers.

    The lines of the first read ``name.jpg#0<TAB>caption``; the second is a CSV file with the columns image and caption.
    ``names``, such as Flickr_8k.trainImages.txt, lists the photos to keep, one name per line; without it all are kept.
    Raises ValueError, with the line's number, if a line has another format.
    """
    lines = Path(captions).read_text(encoding="utf-8-sig").splitlines()
    is_csv = bool(lines) and lines[0].strip() == "image,caption"
    pairs = list(_csv_rows(lines, captions) if is_csv else _token_lines(lines, captions))
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


def load_features(path: PathLike) -> dict[str, Floats]:
    """Return image vectors by the names of the photos' files.

    The npz file holds ``names`` (N,) and ``features`` (N, D). Raises ValueError if the file holds something else.
    """
    with np.load(path, allow_pickle=False) as stored:
        if not {"names", "features"} <= set(stored.files):
            raise ValueError(
                f"{path} holds {', '.join(stored.files)}; expected the arrays names (N,) and features (N, D)"
            )
        names, features = stored["names"], stored["features"].astype(np.float32)
    if features.ndim != 2 or names.shape != features.shape[:1]:
        raise ValueError(f"{path}: names {names.shape} and features {features.shape}; expected (N,) and (N, D)")
    return dict(zip(names.tolist(), features, strict=True))


@dataclass(frozen=True)
class PhotoCaptioner:
    """A trained network: its loss per caption at every step, its vocabulary, and ``describe``."""

    model: nn.Module
    vocab: Vocabulary
    losses: list[float]
    longest: int
    see: Callable[[Sequence[Photo]], Tensor]

    def describe(self, photos: Sequence[Photo]) -> list[str]:
        """Return a caption for each photo, written greedily, of as many words as the longest in training at most."""
        from rnnlab.captioners import spell, write

        return spell(write(self.model, self.see(photos), self.longest + 1), self.vocab)


def train(
    photos: Sequence[Photo],
    build_vocab: Callable[[list[str], int], Vocabulary],
    encode_captions: Callable[[list[str], Vocabulary, int], NDArray[np.int64]],
    features: PathLike | None = None,
    *,
    epochs: int = 10,
    min_count: int = 5,
    max_words: int = 20,
    side: int = 36,
    inject: str = "every",
    cell: str = "LSTM",
    seed: int = 0,
) -> PhotoCaptioner:
    """Return a network trained on ``photos`` and all of their captions, each caption once an epoch.

    ``build_vocab`` and ``encode_captions`` are the functions of unit 06. Words that occur less than ``min_count`` times
    become UNK, captions are cut to ``max_words`` words.
    Without ``features`` a small CNN is trained with the rest, on pictures of ``side`` pixels; with the path of a file
    for ``load_features``, its vectors take the place of the CNN. ``inject`` and ``cell`` are those of ``Captioner``.
    A GPU is used where there is one. Raises ValueError if there is no caption, or a photo without its vector.
    """
    import torch

    from rnnlab import captioners

    captions = [caption for photo in photos for caption in photo.captions]
    if not captions:
        raise ValueError("there is no captioned photo to train on")
    which = torch.tensor([number for number, photo in enumerate(photos) for _ in photo.captions])
    longest = min(max_words, max(len(caption.split()) for caption in captions))
    vocab = build_vocab(captions, min_count)
    tokens = torch.as_tensor(encode_captions(captions, vocab, longest + 2))
    see = _pictures_of(photos, side) if features is None else _vectors_of(load_features(features))
    seen = see(photos)
    torch.manual_seed(seed)
    eye = _eye(64) if features is None else _adapter(seen.shape[1], 64)
    model = captioners.Captioner(len(vocab), inject, cell, see=eye, D=64, E=128, H=256)
    model.to("cuda" if torch.cuda.is_available() else "cpu")
    losses = captioners.train(model, seen, tokens, epochs, rate=0.002, which=which, title=f"{len(photos)} photos")
    return PhotoCaptioner(model, vocab, losses, longest, see)


def _pictures_of(photos: Sequence[Photo], side: int) -> Callable[[Sequence[Photo]], Tensor]:
    """Return a function that reads photos as centred pictures; the mean colour is that of ``photos``."""
    import torch

    centre = images(photos, side).mean(axis=(0, 2, 3), keepdims=True)
    return lambda others: torch.from_numpy(images(others, side) - centre)


def _vectors_of(features: Mapping[str, Floats]) -> Callable[[Sequence[Photo]], Tensor]:
    """Return a function that looks up the image vectors of photos, scaled to a mean square of 1."""
    import torch

    scale = float(np.sqrt(np.mean([np.mean(vector**2) for vector in features.values()]))) or 1.0

    def vectors(photos: Sequence[Photo]) -> Tensor:
        missing = [photo.path.name for photo in photos if photo.path.name not in features]
        if missing:
            raise ValueError(f"the features file lacks {len(missing)} of {len(photos)} photos, such as {missing[0]}")
        return torch.from_numpy(np.stack([features[photo.path.name] for photo in photos]) / np.float32(scale))

    return vectors


def _eye(D: int) -> nn.Module:
    """Return the CNN of the unit for pictures of any size."""
    from torch import nn

    from rnnlab.captioners import GRID, vision

    pooled = (nn.AdaptiveAvgPool2d(GRID), nn.Flatten())
    return nn.Sequential(*vision(32), *pooled, nn.Linear(32 * GRID**2, D), nn.ReLU())


def _adapter(length: int, D: int) -> nn.Module:
    """Return a layer that turns image vectors of another network into those that the RNN reads."""
    from torch import nn

    return nn.Sequential(nn.Linear(length, D), nn.ReLU())


def _token_lines(lines: Sequence[str], path: PathLike) -> Iterable[tuple[str, str]]:
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        found = re.fullmatch(r"(.+)#\d+\t(.+)", line)
        if found is None:
            raise ValueError(f"{path}, line {number}: expected name.jpg#0, a tab and a caption")
        yield found[1], found[2]


def _csv_rows(lines: Sequence[str], path: PathLike) -> Iterable[tuple[str, str]]:
    rows = csv.reader(lines)
    next(rows)  # image,caption
    for row in rows:
        if not row:
            continue
        if len(row) != 2:
            raise ValueError(f"{path}, line {rows.line_num}: expected name.jpg,caption, not {len(row)} columns")
        yield row[0], row[1]


def _read(path: PathLike) -> Any:
    return json.loads(Path(path).read_text(encoding="utf-8"))


def _grouped(pairs: Iterable[tuple[str, str]], folder: Path) -> list[Photo]:
    captions: dict[str, list[str]] = {}
    for name, caption in pairs:
        if words := _normalized(caption):
            captions.setdefault(name, []).append(words)
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
