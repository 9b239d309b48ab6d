"""Targets: targets for speed, with what was measured and whether it was met."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Target:
    """One line of the table.

    ``value`` is what was measured and ``limit`` what it may be at most, or at least if ``higher`` is better, both in
    ``unit``; ``how`` says how it was measured, ``details`` holds the numbers behind it.
    """

    what: str
    value: float
    limit: float
    unit: str
    how: str
    higher: bool = False
    details: dict[str, Any] = field(default_factory=dict)

    @property
    def met(self) -> bool:
        """Whether the target was met."""
        return self.value >= self.limit if self.higher else self.value <= self.limit

    @property
    def share(self) -> float:
        """How much of it is used: at most 1 if it is met."""
        return self.limit / self.value if self.higher else self.value / self.limit

    def cells(self) -> list[str]:
        """Return what, the target, what was measured, whether it is met, and how it was measured."""
        bound = f"{'at least' if self.higher else 'at most'} {self.limit:.3g} {self.unit}"
        return [self.what, bound, f"{self.value:.3g} {self.unit}", "yes" if self.met else "MISSED", self.how]


HEADINGS = ("what", "target", "measured", "met", "how")


def markdown(targets: Sequence[Target]) -> str:
    """Return the targets as a table in Markdown."""
    lines = [f"| {' | '.join(HEADINGS)} |", "|---" * len(HEADINGS) + "|"]
    return "\n".join([*lines, *(f"| {' | '.join(target.cells())} |" for target in targets)]) + "\n"
