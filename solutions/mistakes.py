"""Known wrong answers, from each unit's mistakes.py; the docstring of each is its hint.

Where a mistake is a slip in the text's answer, only the slip is written: ``@mistake("rnn_step", {"h @ W": "h @ W.T"})``
above a function without a body.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass

from solutions.variants import Variant, answers, variants

mistake = answers


@dataclass(frozen=True)
class Mistake(Variant):
    """A known wrong answer to an exercise, with its hint."""

    hint: str


def mistakes(unit: str) -> list[Mistake]:
    """Return the known mistakes of ``unit`` ("u01_rnn_cell") in the order in which they are written.

    A unit without that file has none.
    """
    return [
        Mistake(
            each.name,
            each.exercise,
            each.function,
            inspect.cleandoc(each.function.__doc__ or ""),
            source=each.source,
        )
        for each in variants(unit, "mistakes")
    ]
