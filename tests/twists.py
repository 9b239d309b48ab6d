"""Results that no honest function returns: the reference's own, twisted, sent to `mark` directly and over the channel.

For every call this file says whether the twisted result is still right, by a rule of its own that is as short as
possible; what `mark` gives may not be more than what is left of the points by that rule:

- a compared array has the right shape, a type of the right kind that is not wider, and the right numbers within 1e-4;
- a single number is right within 2e-5, whether it is Python's or NumPy's, and neither a truth value nor text;
- of random results each question examines one side, so that only finite real numbers are asked for in every call, and
  shapes or numbers that are wrong in every call cost something;
- a dict alone in a list or tuple is read as that dict: a comma behind a `return` costs nothing;
- caches are the student's own affair and stay as they are.

`python -m tests.twists` sends all that are counted and prints what came of them.
"""

from __future__ import annotations

import pickle
import sys
import warnings
from collections import UserString
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np

import solutions
from autograder.judging.exam_builder import fresh_exam
from autograder.sandbox.inside.agent import _describe, _hide
from autograder.sandbox.inside.frames import decode, encode
from autograder.sandbox.limits import LIMITS
from rnnlab.checking.calling import Opaque, Parameter, Raised, Returned, call
from rnnlab.checking.exam import Exam
from rnnlab.checking.marking import Marks, Supply, mark
from rnnlab.checking.spec import Array, Case, Spec, Value
from rnnlab.specs import SPECS, UNITS
from solutions.mistakes import mistakes

SEED = 20_261_128
WHOLE, SLICE = 6, 197  # every so manieth twist: about 10,000 in all, and as many as a fast test may take
EXERCISES = {str(cell.exercise): (unit, int(cell.points)) for unit in UNITS for cell in solutions.unit(unit).exercises}

Twist = Callable[[Any], Any]

# Twists that leave nothing of a result; a random one read backwards is as random as before.
NONSENSE = ("zeros", "negated", "doubled", "1e308 everywhere", "an agreeable array", "all masked")


class NoTwist(Exception):
    """A value of this kind cannot be twisted like this: text has no square."""


class Agreeable(np.ndarray):
    """An array that calls itself equal to everything."""

    def __eq__(self, other: object) -> Any:
        return True

    __hash__ = None  # type: ignore[assignment]


# -- twists of one returned value --------------------------------------------------------------------------------------


def _filled(number: Any, everywhere: bool) -> Twist:
    def twist(value: Any) -> Any:
        if not isinstance(value, np.ndarray):
            return number
        twisted = value.astype(np.result_type(value.dtype, np.float64) if value.dtype.kind in "biu" else value.dtype)
        twisted.flat[slice(None) if everywhere else -1] = number
        return twisted

    return twist


def _as(dtype: Any) -> Twist:
    return lambda value: np.asarray(value).astype(dtype)


def _always(result: Any) -> Twist:
    return lambda value: result


VALUES: dict[str, Twist] = {
    "nan in one place": _filled(np.nan, False),
    "nan everywhere": _filled(np.nan, True),
    "inf in one place": _filled(np.inf, False),
    "-inf everywhere": _filled(-np.inf, True),
    "1e308 everywhere": _filled(1e308, True),
    "an axis in front": lambda v: np.asarray(v)[None],
    "an axis behind": lambda v: np.asarray(v)[..., None],
    "transposed": lambda v: np.asarray(v).T,
    "flat": lambda v: np.ravel(v),
    "one row less": lambda v: np.atleast_1d(v)[1:],
    "one row more": lambda v: np.concatenate([np.atleast_1d(v), np.atleast_1d(v)[-1:]]),
    "thirty axes": lambda v: np.asarray(v).reshape(np.shape(v) + (1,) * (30 - np.ndim(v))),
    "empty": lambda v: np.asarray(v)[..., None][..., :0],
    "backwards": lambda v: np.ascontiguousarray(np.flip(v)),
    "complex": _as(np.complex128),
    "imaginary": lambda v: np.asarray(v) * 1j,
    "objects": _as(object),
    "truth values": _as(bool),
    "text": _as(str),
    "bytes": lambda v: np.asarray(v).astype(str).astype(bytes),
    "float16": _as(np.float16),
    "float32": _as(np.float32),
    "longdouble": _as(np.longdouble),
    "whole numbers": _as(np.int64),
    "small whole numbers": _as(np.int8),
    "the other byte order": lambda v: np.asarray(v).astype(np.asarray(v).dtype.newbyteorder(">")),
    "matrix": lambda v: np.matrix(v) if np.ndim(v) <= 2 else np.asarray(v),
    "all masked": lambda v: np.ma.masked_array(np.asarray(v) * 3 + 1, mask=True),
    "an agreeable array": lambda v: np.asarray(v).view(Agreeable) * 2 + 1,
    "records": lambda v: np.zeros(np.shape(v), dtype=[("a", float), ("b", int)]),
    "dates": lambda v: np.zeros(np.shape(v), dtype="datetime64[s]"),
    "not a date": lambda v: np.full(np.shape(v), np.datetime64("NaT")),
    "nested lists": lambda v: np.asarray(v).tolist(),
    "a tuple": lambda v: tuple(np.atleast_1d(v)),
    "ragged lists": _always([[1.0], [1.0, 2.0]]),
    "a set": _always({1.0, 2.0}),
    "None": _always(None),
    "an array of None": lambda v: np.full(np.shape(v), None),
    "a huge whole number": _always(2**1000),
    "a huge negative number": _always(-(2**1000)),
    "huge whole numbers": lambda v: np.full(np.shape(v), 2**1000, dtype=object),
    "a number of NumPy's": _always(np.float64(0.5)),
    "an array without axes": _always(np.array(0.5)),
    "a fraction": _always(Fraction(1, 3)),
    "a decimal": _always(Decimal("sNaN")),
    "a complex number": _always(complex(np.nan, 1.0)),
    "True": _always(True),
    "a string": _always("nan"),
    "nearly a string": _always(UserString("nan")),
    "a lone surrogate": _always("\ud800"),
    "bytes of text": _always(b"\xff"),
    "a dict with odd keys": _always({1: "one", None: 2.0, ("a", 1): [3]}),
    "a dict of arrays": _always({"a": np.ones(3), "b": np.ones((2, 2))}),
    "a list of arrays": _always([np.ones(3), np.ones((2, 2))]),
    "a generator": lambda v: (number for number in np.ravel(v)),
    "a range": _always(range(3)),
    "a function": _always(len),
    "a class": _always(int),
    "an exception": _always(ValueError("returned, not raised")),
    "an ellipsis": _always(...),
    "negated": lambda v: -np.asarray(v, dtype=np.float64) - 1.0,
    "doubled": lambda v: 2.0 * np.asarray(v, dtype=np.float64) + 1.0,
    "zeros": lambda v: np.zeros_like(v) if isinstance(v, np.ndarray) else 0,
    "a little off": lambda v: np.asarray(v, dtype=np.float64) + 0.01,
}

# -- twists of all that is returned ------------------------------------------------------------------------------------


def _deep(value: Any) -> Any:
    for _ in range(60):
        value = [value]
    return value


WHOLES: dict[str, Twist] = {
    "nothing": _always(None),
    "in a list": lambda r: [r],
    "in a tuple of three": lambda r: (r, r, r),
    "nested deeply": _deep,
    "with None behind": lambda r: (*r, None) if isinstance(r, tuple) else (r, None),
    "in reverse order": lambda r: r[::-1] if isinstance(r, tuple) else (r,),
    "the values of a dict": lambda r: list(r.values()) if isinstance(r, dict) else [r],
    "an empty tuple": _always(()),
    "an empty dict": _always({}),
    "a dict of other keys": _always({0: 0.0, "dW_xh ": 1.0, (): None}),
    "lists of arrays": _always([[np.ones(2), np.ones(3)], [np.ones(2)]]),
    "a number for all": _always(2**1000),
    "a text for all": _always("all right"),
    "an iterator": lambda r: iter([r]),
    "a view of a dict": lambda r: {"r": r}.items(),
}

# Which of the calls come out twisted, by their number.
MOMENTS: dict[str, Callable[[int], bool]] = {
    "always": lambda at: True,
    "from the tenth call on": lambda at: at >= 9,
    "every second call": lambda at: at % 2 == 1,
    "the second call only": lambda at: at == 1,
}


@dataclass(frozen=True)
class Twisted:
    """A twist: what it does, to which of the returned parts (None: to all that is returned), and in which calls."""

    name: str
    twist: Twist
    part: int | None
    moment: str


def twists(spec: Spec) -> list[Twisted]:
    """Return all twists of the results of an exercise; caches are the student's own affair and stay as they are."""
    parts = [at for at, output in enumerate(spec.returns) if isinstance(output, (Array, Value))]
    return [
        Twisted(name, twist, part, moment)
        for moment in MOMENTS
        for part, known in [*((at, VALUES) for at in parts), (None, WHOLES)]
        for name, twist in known.items()
    ]


# -- what is right by the rule of this file ----------------------------------------------------------------------------


def _number(value: Any) -> bool:
    return isinstance(value, (int, float, np.integer, np.floating)) and not isinstance(value, bool)


def is_usable(seen: Any) -> bool:
    """Return whether ``seen`` is an array of finite real numbers."""
    if not isinstance(seen, (np.ndarray, np.generic)) or seen.dtype.kind not in "biuf":
        return False
    return bool(np.isfinite(np.asarray(seen)).all())


def is_right_array(seen: Any, right: Any) -> bool:
    """Return whether an array is as good as the right one."""
    if not is_usable(seen) or seen.shape != right.shape or seen.dtype.itemsize > right.dtype.itemsize:
        return False
    if len({dtype.kind.replace("u", "i") for dtype in (seen.dtype, right.dtype)}) > 1:
        return False
    a, b = np.asarray(seen).astype(np.float64), np.asarray(right).astype(np.float64)
    return bool(np.all(np.abs(a - b) <= 1e-4 * max(1.0, float(np.max(np.abs(b), initial=0.0)))))


def is_right_value(seen: Any, right: Any) -> bool:
    """Return whether a number, a string or a container of them is the right one."""
    if isinstance(seen, (np.ndarray, np.generic)) and seen.ndim == 0:
        seen = seen.item()
    if _number(right):
        try:
            return _number(seen) and abs(float(seen) - float(right)) <= 2e-5 * max(1.0, abs(float(right)))
        except OverflowError:
            return False
    return type(seen) is type(right) and seen == right


# -- a function whose results are twisted ------------------------------------------------------------------------------


@dataclass
class Liar:
    """The reference, but some results come out twisted; ``over_channel`` sends them through the sandbox's frames.

    ``wrong`` holds for each call, of those without help and of those with it, whether its result was not right;
    ``nonsense`` says whether numbers that are surely wrong were returned.
    """

    spec: Spec
    unit: str
    twisted: Twisted
    cases: tuple[Case, ...]
    over_channel: bool
    wrong: dict[bool, list[bool]] = field(default_factory=lambda: {False: [], True: []})
    nonsense: bool = False

    def parameters(self) -> tuple[Parameter, ...]:
        return tuple(Parameter(name, True) for name in self.spec.parameters)

    def call(self, inputs: Mapping[str, Any], supply: Supply) -> Returned | Raised:
        told = self.wrong[bool(supply)]
        right = pickle.loads(_right(self.unit, self.spec.name, pickle.dumps(dict(inputs))))
        if isinstance(right, Raised) or not MOMENTS[self.twisted.moment](len(told)):
            told.append(False)
            return right
        value, is_right = self._twist(right.value, len(told))
        told.append(not is_right)
        return Returned(self._sent(value))

    def _twist(self, value: Any, at: int) -> tuple[Any, bool]:
        """Return the twisted value, and whether it is still right."""
        part = self.twisted.part
        if part is None:
            whole = self._do(value)
            alone = isinstance(whole, (list, tuple)) and len(whole) == 1 and whole[0] is value
            return whole, alone and self.spec.as_dict and not self.spec.beside_dict
        parts, rebuild = _taken_apart(self.spec, value)
        before = parts[part]
        if before is None:  # a key that this question does not ask for
            return value, True
        parts[part] = self._do(before)
        return rebuild(parts), self._is_right(before, parts[part], at)

    def _do(self, value: Any) -> Any:
        try:
            return self.twisted.twist(value)
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            raise NoTwist from error

    def _is_right(self, before: Any, after: Any, at: int) -> bool:
        output = self.spec.returns[self.twisted.part or 0]
        if isinstance(output, Value):
            return is_right_value(after, before)
        case = self.cases[at] if at < len(self.cases) else None
        if case is not None and case.of and case.of != output.name:
            return True  # this question asks for another part
        right = is_right_array(after, before)
        if case is not None and case.examine is None:
            return right
        usable = is_usable(after)
        self.nonsense |= usable and not right and (self.twisted.name in NONSENSE or after.shape != before.shape)
        return usable

    def _sent(self, value: Any) -> Any:
        if not self.over_channel:
            return value
        value = _hide(value, list(self.spec.free))
        try:
            frame = encode(value, LIMITS.frame, _describe)
        except Exception:
            frame = encode(Opaque.of(value), LIMITS.frame, _describe)
        return decode(frame, LIMITS.frame)


def _taken_apart(spec: Spec, value: Any) -> tuple[list[Any], Callable[[list[Any]], Any]]:
    """Return the returned parts, and how they are put together again."""
    names = [output.name for output in spec.returns]
    if not spec.as_dict:
        return (list(value), tuple) if len(names) > 1 else ([value], lambda parts: parts[0])
    first, *beside = value if spec.beside_dict else (value,)
    held = names[: len(names) - spec.beside_dict]

    def rebuild(parts: list[Any]) -> Any:
        made = {name: part for name, part in zip(held, parts, strict=False) if name in first}
        return (made, *parts[len(held) :]) if spec.beside_dict else made

    return [*(first.get(name) for name in held), *beside], rebuild


@cache
def _right(unit: str, exercise: str, inputs: bytes) -> bytes:
    """Return, pickled, what the reference gives for these inputs."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return pickle.dumps(call(getattr(_reference(unit), exercise), pickle.loads(inputs)))


@cache
def _reference(unit: str) -> Any:
    return solutions.reference(unit)


@cache
def exam_of(exercise: str) -> Exam:
    unit, points = EXERCISES[exercise]
    known = [m for m in mistakes(unit) if m.exercise == exercise]
    return fresh_exam(SPECS[exercise], points, _reference(unit), known, SEED)


# -- what may come of it -----------------------------------------------------------------------------------------------


def most(spec: Spec, exam: Exam, wrong: list[bool]) -> int:
    """Return the most points that an answer may get of which these calls were wrong: first all questions, in order.

    A wrong ordinary question leaves nothing, a wrong edge one point less; examples worked by hand may count as an edge.
    Of a list each wrong answer costs its share.
    """
    questions = list(zip(exam.questions, wrong, strict=False))
    if spec.proportional:
        return exam.points * sum(not bad for _, bad in questions) // len(exam.questions)
    worked = sum(bad for _, bad in questions[: len(spec.worked)])
    asked = [(q.case, bad) for q, bad in questions[len(spec.worked) :] if not q.case.remark]
    if any(bad and not case.edge for case, bad in asked):
        return 0
    edges = sum(bad for case, bad in asked if case.edge)
    return max(0, exam.points - max(edges, min(1, worked)))


def marked(exercise: str, twisted: Twisted, over_channel: bool) -> tuple[Marks, int]:
    """Return the marks of the twisted reference, and the most that they may be."""
    spec, exam = SPECS[exercise], exam_of(exercise)
    liar = Liar(spec, EXERCISES[exercise][0], twisted, tuple(q.case for q in exam.questions), over_channel)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # casting numbers to another type warns; that is the twist, not the judge
        marks = mark(spec, exam, liar)
    allowed = max(most(spec, exam, wrong) for wrong in liar.wrong.values() if wrong)
    if liar.nonsense and twisted.moment == "always":
        allowed = min(allowed, exam.points - 1)
    return marks, allowed


def counted(exercise: str, every: int) -> list[Twisted]:
    """Return every so manieth twist of an exercise; fewer of the one whose results are run in torch for 50 steps."""
    return twists(SPECS[exercise])[:: every * (10 if exercise == "handmade_memory" else 1)]


def undeserved(exercise: str, every: int) -> Iterator[tuple[str, str]]:
    """Yield what was sent, and what is wrong with what came of it: an exception or too many points, empty if nothing.

    Twists that the values of this exercise do not allow are left out.
    """
    for twisted in counted(exercise, every):
        for way in ("directly", "over the channel"):
            name = f"{twisted.name}, part {twisted.part}, {twisted.moment}, {way}"
            try:
                marks, allowed = marked(exercise, twisted, way == "over the channel")
            except NoTwist:
                continue
            except Exception as error:
                yield name, f"{type(error).__name__}: {error}"
                continue
            yield name, f"{marks.points} points, at most {allowed}" if marks.points > allowed else ""


def main() -> None:
    """Send all twists that are counted, and print how many there were and what was wrong."""
    sent = surprises = 0
    for exercise in EXERCISES:
        found = list(undeserved(exercise, WHOLE))
        bad = [f"{name}: {wrong}" for name, wrong in found if wrong]
        print(f"{exercise:<26}{len(found):>6} twisted results, {len(bad)} surprises", *bad, sep="\n    ")
        sent, surprises = sent + len(found), surprises + len(bad)
    print(f"{sent:,} twisted results, {surprises} surprises")
    sys.exit(1 if surprises else 0)


if __name__ == "__main__":
    main()
