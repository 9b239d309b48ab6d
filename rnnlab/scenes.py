"""Captioned scenes: coloured shapes on a 3 x 3 grid, their true captions, and their pictures.

Scenes of this kind go back to SHAPES (Andreas et al., 2016) and ShapeWorld (Kuhnle and Copestake, 2017).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

SHAPES = ("circle", "square", "triangle", "cross")
COLOURS = ("red", "green", "blue", "yellow")
SIZES = ("small", "big")
GRID, CELL = 3, 12
SIDE = GRID * CELL

# Pairs that no training scene contains: they test a network on a new combination of known words.
WITHHELD = (("green", "triangle"), ("yellow", "cross"))

_RGB = {
    "red": (0.85, 0.15, 0.15),
    "green": (0.10, 0.60, 0.25),
    "blue": (0.15, 0.30, 0.85),
    "yellow": (0.95, 0.80, 0.10),
}
_RADIUS = {"small": 3.0, "big": 4.8}
_PAPER = 0.94

_PLACES = (
    ("in the top left", "at the top", "in the top right"),
    ("on the left", "in the centre", "on the right"),
    ("in the bottom left", "at the bottom", "in the bottom right"),
)
_RELATIONS = ("above", "below", "left of", "right of")

_KOREAN = {
    "circle": "원",
    "square": "사각형",
    "triangle": "삼각형",
    "cross": "십자형",
    "red": "빨간",
    "green": "초록",
    "blue": "파란",
    "yellow": "노란",
    "small": "작은",
    "big": "큰",
    "above": "위에",
    "below": "아래에",
    "left of": "왼쪽에",
    "right of": "오른쪽에",
    "in the top left": "왼쪽 위에",
    "at the top": "위쪽에",
    "in the top right": "오른쪽 위에",
    "on the left": "왼쪽에",
    "in the centre": "가운데에",
    "on the right": "오른쪽에",
    "in the bottom left": "왼쪽 아래에",
    "at the bottom": "아래쪽에",
    "in the bottom right": "오른쪽 아래에",
}


@dataclass(frozen=True)
class Thing:
    """A thing in a scene: what it looks like, and the row and column of its cell, 0 to 2 from the top left."""

    shape: str
    colour: str
    size: str
    row: int
    column: int

    @property
    def place(self) -> str:
        """Its place in words, such as 'in the top left'."""
        return _PLACES[self.row][self.column]


Scene = tuple[Thing, ...]


def draw(n: int, seed: int, things: int = 1, withheld: bool = False) -> list[Scene]:
    """Return ``n`` scenes, each with ``things`` things in different cells, in reading order.

    No two things of a scene have both colour and shape in common.
    The pairs in WITHHELD never occur; with ``withheld`` every scene has one of them.
    The same ``seed`` gives the same scenes.
    """
    rng = np.random.default_rng(seed)
    usual = [(colour, shape) for colour in COLOURS for shape in SHAPES if (colour, shape) not in WITHHELD]
    scenes = []
    for _ in range(n):
        pairs = [usual[i] for i in rng.permutation(len(usual))[:things]]
        if withheld:
            pairs[0] = WITHHELD[rng.integers(len(WITHHELD))]
        cells = rng.permutation(GRID * GRID)[:things]
        sizes = rng.integers(len(SIZES), size=things)
        made = (
            Thing(shape, colour, SIZES[size], *divmod(int(cell), GRID))
            for (colour, shape), cell, size in zip(pairs, cells, sizes, strict=True)
        )
        scenes.append(tuple(sorted(made, key=lambda thing: (thing.row, thing.column))))
    return scenes


def images(scenes: Sequence[Scene], seed: int) -> Floats:
    """Return pictures of ``scenes``, float32 (N, 3, 36, 36): red, green and blue from 0 to 1 on light paper.

    Every thing is shifted by up to a pixel within its cell, and noise is added.
    The same ``seed`` gives the same pictures.
    """
    rng = np.random.default_rng(seed)
    pictures = np.full((len(scenes), 3, SIDE, SIDE), _PAPER, dtype=np.float32)
    stamps = {(shape, size): _stamp(shape, _RADIUS[size]) for shape in SHAPES for size in SIZES}
    inks = {colour: np.array(rgb, dtype=np.float32)[:, None] for colour, rgb in _RGB.items()}
    for picture, scene in zip(pictures, scenes, strict=True):
        for thing in scene:
            down, right = rng.integers(-1, 2, size=2)
            top, left = max(0, thing.row * CELL + down), max(0, thing.column * CELL + right)
            cell = picture[:, top : top + CELL, left : left + CELL]
            stamp = stamps[thing.shape, thing.size][: cell.shape[1], : cell.shape[2]]
            cell[:, stamp] = inks[thing.colour]
    pictures += rng.normal(0.0, 0.04, size=pictures.shape).astype(np.float32)
    return np.clip(pictures, 0.0, 1.0, out=pictures)


def caption(scene: Scene, korean: bool = False) -> str:
    """Return the caption of a scene of one or two things; there is one for each scene.

    One thing is described with size and place, two with the relation of the first to the second in reading order:
    'left of' or 'right of' where they are farther apart horizontally than vertically, otherwise 'above'.
    """
    if len(scene) == 1:
        return _placed(scene[0], korean)
    first, second = scene
    sideways = abs(first.column - second.column) > second.row - first.row
    side = "left of" if first.column < second.column else "right of"
    return _related(_name(first, korean), side if sideways else "above", _name(second, korean), korean)


def true_captions(scene: Scene, korean: bool = False) -> list[str]:
    """Return every true caption of ``scene``: of each thing, and of each pair and relation, without repeats.

    Sizes may be mentioned or left out.
    """
    said: dict[str, None] = {}
    for thing in scene:
        said |= dict.fromkeys(_placed(thing, korean, sized) for sized in (True, False))
    for one, other in ((a, b) for a in scene for b in scene if a != b):
        for relation in _relations(one, other):
            said |= dict.fromkeys(
                _related(_name(one, korean, sized), relation, _name(other, korean, sized_too), korean)
                for sized in (False, True)
                for sized_too in (False, True)
            )
    return list(said)


def is_true(caption: str, scene: Scene) -> bool:
    """Return whether ``caption``, English or Korean, is one that is true of ``scene``."""
    return caption in true_captions(scene) or caption in true_captions(scene, korean=True)


def truth_rate(captions: Sequence[str], scenes: Sequence[Scene]) -> float:
    """Return the share of captions that are true of their scenes; raises ValueError if the numbers differ."""
    return float(np.mean([is_true(said, scene) for said, scene in zip(captions, scenes, strict=True)]))


def parts_right(captions: Sequence[str], scenes: Sequence[Scene]) -> dict[str, float]:
    """Return the shares of ``captions`` whose size, colour, shape and place are those of their one-thing scenes.

    Words are compared by where they stand: the second is the size, and all from the fifth on are the place.
    """
    names = ("size", "colour", "shape", "place")
    said = [(sentence.split(maxsplit=4) + [""] * 5)[1:5] for sentence in captions]
    true = [caption(scene).split(maxsplit=4)[1:] for scene in scenes]
    return dict(zip(names, np.mean(np.array(said) == np.array(true), axis=0).tolist(), strict=True))


def named_things(sentence: str, scene: Scene) -> list[Thing | None]:
    """Return for each word of ``sentence``, and for the END after it, the thing whose colour or shape the word names.

    None stands for words that name no colour or shape, and for a colour and shape that the scene has not.
    """
    words = sentence.split()
    found: list[Thing | None] = [None] * (len(words) + 1)
    for i, (colour, shape) in enumerate(pairwise(words)):
        if shape in SHAPES:
            found[i] = found[i + 1] = next((t for t in scene if (t.colour, t.shape) == (colour, shape)), None)
    return found


def _relations(one: Thing, other: Thing) -> Iterator[str]:
    """Yield the relations of ``one`` to ``other``; a vertical and a horizontal one may both hold."""
    holds = (one.row < other.row, one.row > other.row, one.column < other.column, one.column > other.column)
    yield from (relation for relation, true in zip(_RELATIONS, holds, strict=True) if true)


def _name(thing: Thing, korean: bool, sized: bool = False) -> str:
    words = [*([thing.size] if sized else []), thing.colour, thing.shape]
    return " ".join(_KOREAN[word] for word in words) if korean else " ".join(["a", *words])


def _placed(thing: Thing, korean: bool, sized: bool = True) -> str:
    name = _name(thing, korean, sized)
    # Every Korean shape ends in a consonant, so the subject's particle is always the same.
    return f"{_KOREAN[thing.place]} {name}이 있다" if korean else f"{name} {thing.place}"


def _related(one: str, relation: str, other: str, korean: bool) -> str:
    return f"{one}이 {other} {_KOREAN[relation]} 있다" if korean else f"{one} {relation} {other}"


def _stamp(shape: str, radius: float) -> NDArray[np.bool_]:
    """Return which pixels of a cell a shape covers."""
    middle = (CELL - 1) / 2
    y, x = np.mgrid[:CELL, :CELL] - middle
    inside = np.maximum(abs(x), abs(y)) <= radius
    covered = {
        "circle": x**2 + y**2 <= radius**2 + 0.5,
        "square": np.maximum(abs(x), abs(y)) <= 0.88 * radius,
        "triangle": inside & (abs(x) <= (y + radius) / 2),
        "cross": inside & (np.minimum(abs(x), abs(y)) <= radius / 4),
    }
    return np.asarray(covered[shape])
