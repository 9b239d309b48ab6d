"""The units of the course in order, as the course map in unit 00 shows them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib import resources

# Built from the texts.
FILE = "units.json"
DESCRIPTIONS = "figures.json"


@dataclass(frozen=True)
class UnitSummary:
    """A unit: number and title, what the reader builds, points, least and most minutes."""

    title: str
    builds: str
    points: int
    minutes: tuple[int, int]


def units() -> tuple[UnitSummary, ...]:
    """Return the units of the course."""
    text = (resources.files("rnnlab") / "answers" / FILE).read_text(encoding="utf-8")
    return tuple(UnitSummary(u["title"], u["builds"], u["points"], tuple(u["minutes"])) for u in json.loads(text))
