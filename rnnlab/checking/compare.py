"""What differs between a value that was seen and the value that was expected, in a sentence for a student."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from rnnlab.checking.calling import Opaque, Raised

# Reference answers are shipped with eight digits; sums taken in another order differ by about 1e-15 in float64 and
# 1e-6 in float32, an answer computed in float32 inside float64 by about 1e-7.
TOLERANCE = {"float64": 1e-6, "float32": 1e-4}

# A single number, such as a loss, may be a plain float that was summed in float32.
SCALAR_TOLERANCE = 1e-5

NUMBERS = "biuf"  # the kinds of dtype whose values are compared as real numbers

STILL_NONE = "It is among what is returned, but nothing has been assigned to it since it was set to None."

OVERFLOWS = "There are nan or inf among the numbers: something overflows or divides by zero."

LEAST_RATIOS = 3  # different numbers that have the same ratio to what they should be: two may have it by chance

MAX_SHOWN_LENGTH = 60  # characters of a value in the table under a check


@dataclass(frozen=True)
class Difference:
    """What was seen and what was expected; ``expected`` is empty where ``seen`` is a clause that says both.

    ``guess`` says what may be the cause, or what to do about it; where the mistake is known, its hint says that better.
    ``extent`` says how many numbers are off. ``raised`` is the exception, if one was seen.
    """

    seen: str
    expected: str = ""
    guess: str = ""
    extent: str = ""
    raised: Raised | None = None

    @property
    def help(self) -> str:
        """What may help besides ``seen`` and ``expected``: the extent and the guess."""
        return f"{self.extent} {self.guess}".strip()


@dataclass(frozen=True)
class Digest:
    """A string answer that can be compared but not read: the SHA-256 of the answer and of what was asked."""

    question: str
    digest: str

    @classmethod
    def of(cls, question: str, answer: str) -> Digest:
        """Return the digest of ``answer`` to ``question``."""
        return cls(question, hashlib.sha256(f"{question}|{answer}".encode()).hexdigest())

    def matches(self, answer: object) -> bool:
        """Return whether ``answer`` is the string that was digested."""
        return isinstance(answer, str) and Digest.of(self.question, answer) == self


def difference(
    name: str, seen: Any, expected: Any, *, axes: str | None, sizes: Mapping[str, int], reveal: bool
) -> Difference | None:
    """Return None if ``seen`` is as good as ``expected``, otherwise what differs.

    ``axes`` are the letters of the expected array's axes ("N T H"), ``sizes`` what they stand for.
    The expected numbers are told only with ``reveal``; shapes and types always.
    """
    if not isinstance(expected, np.ndarray):
        return _scalar_difference(name, seen, expected, sizes, reveal)
    return kind_difference(name, seen, expected, axes) or _number_difference(name, seen, expected, axes, sizes, reveal)


def kind_difference(name: str, seen: Any, expected: Any, axes: str | None) -> Difference | None:
    """Return what differs in type, shape or dtype where ``expected`` is an array; None if nothing does."""
    if not isinstance(seen, (np.ndarray, np.generic)):
        guess = STILL_NONE if seen is None else ""
        return Difference(f"{name} {_is(name)} {_of_type(seen)}", "a NumPy array", guess)
    if seen.shape != expected.shape:
        return Difference(
            f"{name} {'have' if _is_plural(name) else 'has'} shape {_shape(seen.shape)}",
            _named_shape(expected.shape, axes),
            _shape_guess(seen.shape, expected.shape, axes),
        )
    if _family(seen.dtype) != _family(expected.dtype) or (seen.dtype.itemsize > expected.dtype.itemsize):
        return Difference(f"{name} {_is(name)} {seen.dtype}", f"{expected.dtype}", _dtype_guess(seen, expected))
    return None


def _is(name: str) -> str:
    return "are" if _is_plural(name) else "is"


def _is_plural(name: str) -> bool:
    """Return whether a result is called by a plural, as in "the rows"; a variable's name is always a singular."""
    return name.startswith("the ") and name.endswith("s") and not name.endswith("ss")


def no_real_numbers(name: str, seen: Any) -> Difference | None:
    """Return what keeps ``seen`` from being an array of whole or floating-point numbers; None if nothing does."""
    if not isinstance(seen, (np.ndarray, np.generic)):
        return Difference(f"{name} is {_of_type(seen)}", "a NumPy array")
    return None if seen.dtype.kind in "iuf" else Difference(f"{name} is {seen.dtype}", "real numbers")


def not_finite(name: str, seen: Any) -> Difference | None:
    """Return where ``seen``, an array or a number, holds nan or inf; None if it does not."""
    if not isinstance(seen, (np.ndarray, np.generic, float, complex)):
        return None
    numbers = np.asarray(seen)
    if numbers.dtype.kind not in "fc" or np.isfinite(numbers).all():
        return None
    index = tuple(int(i) for i in np.argwhere(~np.isfinite(numbers))[0])
    held = f"holds {_number(numbers[index])} at [{', '.join(map(str, index))}]" if index else f"is {_number(numbers)}"
    return Difference(f"{name} {held}", "finite numbers", OVERFLOWS)


def shortened(text: str) -> str:
    """Return the beginning of ``text`` where it is too long for a table."""
    return text if len(text) <= MAX_SHOWN_LENGTH else f"{text[: MAX_SHOWN_LENGTH - 3]}..."


def same(seen: Any, expected: Any) -> bool:
    """Return whether two values are the same in type, shape, dtype and, up to rounding, numbers."""
    if isinstance(expected, np.ndarray) and isinstance(seen, (np.ndarray, np.generic)):
        return seen.dtype == expected.dtype and seen.shape == expected.shape and not _off(seen, expected).any()
    if isinstance(expected, np.ndarray) or isinstance(seen, np.ndarray):
        return False
    return _same_scalar(seen, expected)


def same_numbers(seen: Any, expected: Any) -> bool:
    """Return whether two values hold the same numbers up to rounding, whatever their dtypes and axes of length 1."""
    if not isinstance(expected, np.ndarray) or not isinstance(seen, (np.ndarray, np.generic)):
        return same(seen, expected)
    seen, expected = np.squeeze(seen), np.squeeze(expected)
    if seen.dtype.kind not in NUMBERS or expected.dtype.kind not in NUMBERS:
        return same(seen, expected)
    return seen.shape == expected.shape and not _off(seen, expected).any()


def is_rougher(seen: Any, expected: Any) -> bool:
    """Return whether an accepted array of floats has fewer digits than expected (float32 for float64)."""
    if not isinstance(expected, np.ndarray) or seen.dtype.kind != "f" or expected.dtype.kind != "f":
        return False
    return bool(seen.dtype.itemsize < expected.dtype.itemsize)


def _scalar_difference(
    name: str, seen: Any, expected: Any, sizes: Mapping[str, int], reveal: bool
) -> Difference | None:
    if _same_scalar(seen, expected):
        return None
    if reveal and isinstance(seen, dict) and isinstance(expected, dict):
        return _entry_difference(name.removeprefix("the "), seen, expected)
    shown, wanted = _apart(seen, expected)
    if isinstance(expected, Digest) or not reveal:
        wanted = "another number" if _is_number(expected) else "another answer"
    return Difference(f"{name} = {shown}", wanted, _scalar_guess(seen, expected, sizes))


def _entry_difference(name: str, seen: dict[Any, Any], expected: dict[Any, Any]) -> Difference:
    """Return the first entry in which two dicts differ, because a whole one is too long to be shown."""
    key = next(
        key for key in (*expected, *seen) if key not in seen or key not in expected or seen[key] != expected[key]
    )
    shown, wanted = (
        f"{name}[{shortened(repr(key))}] = {shortened(repr(held[key]))}" if key in held else f"no entry {key!r}"
        for held in (seen, expected)
    )
    return Difference(shown, wanted)


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _scalar_guess(seen: Any, expected: Any, sizes: Mapping[str, int]) -> str:
    """Return what a single number's ratio to the expected one tells; only ratios that seldom come about by chance."""
    if not isinstance(expected, float) or not isinstance(seen, (float, np.floating)):
        return ""
    if abs(expected) < 1e-3 or not np.isfinite(seen / expected):
        return ""
    ratio = float(seen / expected)
    named = {
        -1.0: "It has the wrong sign.",
        2.0: "It is twice what it should be.",
        0.5: "It is half of what it should be.",
    }
    for value, text in named.items():
        if abs(ratio - value) < 1e-5:
            return text
    name = _size_name(ratio, sizes)
    return f"It is {name} times what it should be." if name else ""


def _same_scalar(seen: Any, expected: Any) -> bool:
    if isinstance(seen, np.ndarray) and seen.ndim == 0:
        seen = seen[()]
    if isinstance(expected, Digest):
        return expected.matches(seen)
    if isinstance(seen, bool) != isinstance(expected, bool):
        return False  # Python counts with True as with 1
    if isinstance(expected, (int, float)) and isinstance(seen, (int, float, np.integer, np.floating)):
        return bool(seen == expected) if isinstance(expected, int) else _close(seen, expected)
    return type(seen) is type(expected) and bool(seen == expected)


def _close(seen: Any, expected: float) -> bool:
    """Return whether two numbers are the same up to rounding."""
    try:
        seen = float(seen)
    except OverflowError:
        return False  # a whole number may be larger than every float
    return bool(np.isclose(seen, expected, rtol=SCALAR_TOLERANCE, atol=SCALAR_TOLERANCE, equal_nan=True))


def _number_difference(
    name: str, seen: Any, expected: Any, axes: str | None, sizes: Mapping[str, int], reveal: bool
) -> Difference | None:
    off = _off(seen, expected)
    if not off.any():
        return None
    index = tuple(int(i) for i in np.argwhere(off)[0])
    where = f"{name.removeprefix('the ')}[{', '.join(map(str, index))}]" if index else name
    shown, wanted = _apart(seen[index], expected[index])
    # Of two truth values the expected one is no secret.
    if not reveal and expected.dtype.kind != "b":
        wanted = "another number"
    return Difference(f"{where} = {shown}", wanted, _number_guess(name, seen, expected, off, sizes), _extent(off, axes))


def _extent(off: Any, axes: str | None) -> str:
    """Say how many numbers are off, and from which step on; nothing of a single number."""
    if off.size == 1:
        return ""
    wrong = int(off.sum())
    return f"{wrong} of {off.size} numbers {'is' if wrong == 1 else 'are'} off{_first_wrong_step(off, axes)}."


def _off(seen: Any, expected: Any) -> Any:
    seen, expected = np.asarray(seen), np.asarray(expected)
    if expected.dtype.kind != "f":
        return seen != expected
    # Its type and not its name, which NumPy puts together anew each time: a verdict may ask 1,600 times.
    rough = "float32" if np.float32 in (seen.dtype.type, expected.dtype.type) else "float64"
    with np.errstate(invalid="ignore", over="ignore"):
        finite = expected[np.isfinite(expected)]
        scale = max(1.0, float(np.abs(finite).max())) if finite.size else 1.0
        close = np.abs(seen.astype(np.float64) - expected.astype(np.float64)) <= TOLERANCE[rough] * scale
    return ~(close | (seen == expected) | (np.isnan(seen) & np.isnan(expected)))


def _first_wrong_step(off: Any, axes: str | None) -> str:
    """Say at which step the numbers begin to be off: the start, the carry and the end go wrong in different ways."""
    letters = axes.split() if axes else []
    if "T" not in letters or off.shape[letters.index("T")] < 2:
        return ""
    axis = letters.index("T")
    wrong = off.any(axis=tuple(i for i in range(off.ndim) if i != axis))
    first = int(np.argmax(wrong))
    return f"; the first wrong step is step {first + 1} of {off.shape[axis]} (index {first})"


def _number_guess(name: str, seen: Any, expected: Any, off: Any, sizes: Mapping[str, int]) -> str:
    if not np.isfinite(seen).all():
        return OVERFLOWS
    if not np.any(seen):
        return f"{name.replace('the ', 'The ', 1)} {_is(name)} all zeros." if seen.size > 1 else ""
    return _ratio_guess(seen, expected, off, sizes)


def _ratio_guess(seen: Any, expected: Any, off: Any, sizes: Mapping[str, int]) -> str:
    """Return by which factor the numbers are off, if by one; few or equal numbers have one by chance."""
    seen, expected = seen.astype(np.float64), expected.astype(np.float64)
    large = np.abs(expected) > 1e-3
    if len(np.unique(np.abs(expected[large]).round(6))) < LEAST_RATIOS:
        return ""
    ratio = float(np.median(seen[large] / expected[large]))
    close = np.abs(seen - ratio * expected) <= 1e-4 * max(1.0, abs(ratio)) * np.abs(expected) + 1e-6
    if not (close.all() and off[large].all()):
        return ""
    which = "Every number" if off.all() else "Each of them"
    return f"{which} is {_size_name(ratio, sizes) or f'{ratio:.4g}'} times what it should be."


def _size_name(ratio: float, sizes: Mapping[str, int]) -> str:
    """Return which size, product of sizes, or one divided by which, the ratio is; "" unless exactly one fits."""
    fitting = []
    for letters, size in _products(sizes):
        if size > 1 and abs(ratio - size) < 1e-4 * size:
            fitting.append(f"{letters} = {size}")
        if size > 1 and abs(ratio - 1 / size) < 1e-4 / size:
            fitting.append(f"1/{letters} = 1/{size}" if len(letters) == 1 else f"1/({letters}) = 1/{size}")
    return fitting[0] if len(fitting) == 1 else ""


def _products(sizes: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Yield each size, and each product of two or three, with its letters."""
    for count in (1, 2, 3):
        for some in combinations(sizes.items(), count):
            yield "·".join(letter for letter, _ in some), math.prod(size for _, size in some)


def _shape_guess(seen: tuple[int, ...], expected: tuple[int, ...], axes: str | None) -> str:
    if tuple(n for n in seen if n != 1) == tuple(n for n in expected if n != 1):
        return _guess_of_length_one(seen, expected, axes)
    if seen == expected[::-1]:
        return "The axes stand in reverse order."
    if sorted(seen) == sorted(expected):
        return "The sizes are right, but the axes stand in another order."
    if len(seen) == len(expected) == 2 and seen[0] == seen[1]:
        return (
            "A square table is either a weight matrix, or it comes from a column (H, 1) added to a row (H,), which "
            "broadcasting makes a table of."
        )
    return ""


def _guess_of_length_one(seen: tuple[int, ...], expected: tuple[int, ...], axes: str | None) -> str:
    """Return what has happened to an axis of length 1, where the shapes differ by nothing else."""
    if len(seen) > len(expected):
        return "An axis of length 1 is too many: was it kept by keepdims=True, or by a slice in place of an index?"
    if len(seen) == len(expected):
        return "An axis of length 1 stands in the wrong place."
    if axes and len(axes.split()) == len(expected) == len(seen) + 1:
        lost = [letter for letter, n in zip(axes.split(), expected, strict=True) if n == 1]
        if lost == ["N"]:
            return "It happens only with one sequence (N = 1): np.squeeze, for one, removes every axis of length 1."
    return "An axis of length 1 is missing: np.squeeze, an index, or a sum without keepdims removes it."


def _dtype_guess(seen: Any, expected: Any) -> str:
    if _family(seen.dtype) == _family(expected.dtype):
        return "np.zeros and np.ones make float64 unless they are given a dtype: take it from the inputs."
    if _family(seen.dtype) == "O":
        return "An array of Python objects comes from rows of different lengths or from None."
    return ""


def _family(dtype: Any) -> str:
    return "i" if dtype.kind == "u" else str(dtype.kind)


def _named_shape(shape: tuple[int, ...], axes: str | None) -> str:
    if not axes or len(axes.split()) != len(shape):
        return f"shape {_shape(shape)}"
    return f"shape ({', '.join(axes.split())}{',' if len(shape) == 1 else ''}) = {_shape(shape)}"


def _shape(shape: tuple[int, ...]) -> str:
    return str(tuple(int(n) for n in shape))


def _of_type(value: Any) -> str:
    if value is None:
        return "None"
    kind = value.kind if isinstance(value, Opaque) else type(value).__name__
    return f"an {kind}" if kind.startswith(("a", "e", "i", "o", "u")) else f"a {kind}"


def _number(value: Any, digits: int = 6) -> str:
    if np.asarray(value).dtype.kind != "f":
        return str(value)
    return "0" if abs(value) < 1e-12 else f"{value:.{digits}g}"


def _apart(seen: Any, expected: Any) -> tuple[str, str]:
    """Return two numbers as text, with six digits, or with as many as tell them apart; of anything else its repr."""
    for digits in (6, 9, 17):
        texts = _brief(seen, digits), _brief(expected, digits)
        if texts[0] != texts[1]:
            break
    return texts


def _brief(value: Any, digits: int) -> str:
    if isinstance(value, (float, np.floating)):
        return _number(value, digits)
    return str(value) if isinstance(value, np.generic) else shortened(repr(value))
