"""The cases that many exercises have in common: steps worked by hand, sizes of 1, float32, inputs that are refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from rnnlab.checking.spec import Case, Change

ONE = {
    "N": "one sequence",
    "m": "one sequence",
    "T": "one step",
    "H": "one hidden unit",
    "D": "one input",
    "L": "one position",
}


def by_hand(title: str, sizes: Mapping[str, int] | None = None, /, **inputs: Any) -> Case:
    """Return the case of the numbers that the text works out; lists of numbers stand for arrays."""
    return Case(title, lambda rng, drawn: _with_arrays(inputs), sizes=sizes or {}, worked=True)


def one(letter: str, what: str = "", change: Change | None = None, **inputs: Any) -> Case:
    """Return the case in which the size ``letter`` is 1; ``what`` says what there is one of, if not the usual."""
    return Case(f"{what or ONE[letter]} ({letter} = 1)", inputs, sizes={letter: 1}, change=change, edge=True)


def float32(where: str = "", change: Change | None = None, **inputs: Any) -> Case:
    """Return the case whose arrays are float32, and whose results should be; if they are not, that is a remark."""
    return Case(f"float32 stays float32{where}", inputs, change=change, float32=True, remark=True)


def edges(letters: str) -> tuple[Case, ...]:
    """Return the cases in which each of the sizes "N T H" is 1, and that of float32."""
    return (*map(one, letters.split()), float32())


def raises(error: str, what: str, **inputs: Any) -> Case:
    """Return the case that must be refused by an exception of the class ``error``."""
    return Case(f"{what} raises {error}", inputs, edge=True)


def questions(
    parameter: str, asked: Iterable[str], choices: tuple[str, ...], in_the_text: Iterable[str] = (), unknown: str = ""
) -> tuple[Case, ...]:
    """Return a case for each question ``asked``, whose answer is one of ``choices``; see Case.choices.

    The answers to those ``in_the_text`` are no secret. With ``unknown``, which says what kind of thing is asked about,
    a question that does not exist comes last; it must raise KeyError.
    """
    known = [Case(repr(name), {parameter: name}, choices=() if name in in_the_text else choices) for name in asked]
    last = [Case(f"an unknown {unknown} raises KeyError", {parameter: f"no such {unknown}"})] if unknown else []
    return (*known, *last)


def _with_arrays(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _with_arrays(item) for name, item in value.items()}
    if isinstance(value, tuple):
        return tuple(map(_with_arrays, value))
    if isinstance(value, list):
        of_items = any(isinstance(item, (str, tuple, np.ndarray)) for item in value)
        return list(map(_with_arrays, value)) if of_items else np.array(value)
    return value
