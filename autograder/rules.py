"""The course's rules.json: due dates, extensions and the policy for late submissions (docs/settings.md)."""

from __future__ import annotations

import difflib
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_DOWN, Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from autograder.errors import CourseError
from autograder.files import write_whole

RULES = "rules.json"
PERIODS = {"day": 86_400, "hour": 3_600}  # seconds
TIME_FORM = "2026-03-10T23:59+09:00 or '2026-03-10 23:59 Asia/Seoul'"
KEYS = {"late", "due", "extensions"}

Extensions = Mapping[str, Mapping[str, datetime]]


@dataclass(frozen=True)
class LatePolicy:
    """What lateness costs: "none", "zero" (all points), or ``percent`` of the points per "day" or "hour" begun.

    ``cap`` is the percentage that is taken at most.
    """

    kind: str
    percent: float = 0.0
    cap: float = 100.0

    def penalty(self, points: float, late: float) -> float:
        """Return what being ``late`` by so many seconds costs of ``points``, rounded to hundredths."""
        if late <= 0 or self.kind == "none":
            return 0.0
        if self.kind == "zero":
            return max(0.0, points)
        # In decimals, for a binary 1.775 is a little less; a half is rounded to the student's good.
        each, cap, of = (Decimal(str(value)) for value in (self.percent, self.cap, max(0.0, points)))
        percent = min(cap, each * math.ceil(late / PERIODS[self.kind]))
        return float((of * percent / 100).quantize(Decimal("0.01"), ROUND_HALF_DOWN))


@dataclass(frozen=True)
class Rules:
    """The rules of a course.

    ``due`` maps units to times, None for no due date; a unit that is not in it keeps the gradebook's dates.
    ``extensions`` maps units to students and the times until which they may hand in. Without a ``late`` policy that of
    nbgrader's configuration applies.
    """

    late: LatePolicy | None = None
    due: Mapping[str, datetime | None] = field(default_factory=dict)
    extensions: Extensions = field(default_factory=dict)

    def due_in_utc(self, unit: str) -> datetime | None:
        """Return when ``unit`` is due, in UTC, None if it has no due date."""
        when = self.due.get(unit)
        return None if when is None else _utc(when)

    def extension(self, unit: str, student: str) -> timedelta | None:
        """Return by how much the student's time for ``unit`` is longer, None if it is not."""
        when, due = self.extensions.get(unit, {}).get(student), self.due_in_utc(unit)
        return None if when is None or due is None or _utc(when) <= due else _utc(when) - due

    def with_due(self, unit: str, when: datetime | None) -> Rules:
        """Return the rules with another due date."""
        return replace(self, due={**self.due, unit: when})

    def with_extension(self, unit: str, student: str, when: datetime | None) -> Rules:
        """Return the rules with another time for one student, None to take an extension back."""
        of_unit = {name: time for name, time in self.extensions.get(unit, {}).items() if name != student}
        if when is not None:
            of_unit[student] = when
        return replace(self, extensions={**self.extensions, unit: of_unit})


def check_unit_name(unit: str) -> None:
    """Raise CourseError unless the course has this unit, and exercises in it."""
    # Here, for each command would wait for NumPy otherwise.
    from rnnlab.specs import UNITS

    if unit not in UNITS:
        near = difflib.get_close_matches(unit, UNITS, n=1, cutoff=0.3)
        meant = f"did you mean {near[0]}?" if near else f"the units are {', '.join(UNITS)}."
        raise CourseError(f"there is no unit {unit}; {meant}")
    if not UNITS[unit]:
        raise CourseError(f"unit {unit} has nothing to grade: it has no exercises.")


def parse_time(text: str) -> datetime:
    """Return a time with its zone; raises CourseError unless ``text`` has a date, a time and a known zone."""
    words = text.split()
    try:
        if len(words) > 1 and words[-1][0].isalpha():
            moment = datetime.fromisoformat(" ".join(words[:-1])).replace(tzinfo=ZoneInfo(words[-1]))
        else:
            moment = datetime.fromisoformat(text)
    except (ValueError, OSError, KeyError):
        raise CourseError(f"{text!r} is no time that is known here; write it as {TIME_FORM}.") from None
    if moment.tzinfo is None:
        raise CourseError(f"{text!r} has no time zone; write it as {TIME_FORM}.")
    return moment


def _utc(moment: datetime) -> datetime:
    """Return the time in UTC without a zone, as the gradebook has it."""
    return moment.astimezone(UTC).replace(tzinfo=None)


def read_rules(course: Path) -> Rules:
    """Return the rules in the course's file, empty ones if there is none; raises CourseError if it is wrong."""
    path = course / RULES
    if not path.exists():
        return Rules()
    try:
        return _rules(json.loads(path.read_text(encoding="utf-8")))
    except CourseError as error:
        raise CourseError(f"{path}: {error}") from None
    except (OSError, ValueError) as error:
        raise CourseError(f"{path} cannot be read ({error}); correct it.") from None


def write_rules(course: Path, rules: Rules) -> None:
    """Write the rules to the course's file, atomically; raises OSError."""
    content: dict[str, Any] = {}
    if rules.late:
        content["late"] = {"policy": rules.late.kind}
        if rules.late.kind in PERIODS:
            content["late"] |= {"percent": rules.late.percent, "cap": rules.late.cap}
    content["due"] = {unit: when and _written(when) for unit, when in rules.due.items()}
    content["extensions"] = {
        unit: {student: _written(when) for student, when in of_unit.items()}
        for unit, of_unit in rules.extensions.items()
        if of_unit
    }
    write_whole(course / RULES, json.dumps(content, indent=1, ensure_ascii=False) + "\n")


def late_policy(kind: str, percent: float | None, cap: float | None) -> LatePolicy:
    """Return the policy; raises CourseError if its parts do not go together."""
    if kind not in ("none", "zero", *PERIODS):
        raise CourseError(f"{kind!r} is no late policy; it is none, zero, day or hour.")
    if kind not in PERIODS:
        if percent is not None or cap is not None:
            raise CourseError(f"the late policy {kind} has neither percent nor cap; leave them out.")
        return LatePolicy(kind)
    if percent is None:
        raise CourseError(f"the late policy {kind} has no percent; say what each {kind} costs, as in --percent 10.")
    for name, value in (("percent", percent), ("cap", cap)):
        if value is not None and not 0 < value <= 100:
            raise CourseError(f"{name} is {value:g}, and should be above 0 and at most 100.")
    return LatePolicy(kind, percent, 100.0 if cap is None else cap)


def _rules(content: object) -> Rules:
    if not isinstance(content, dict) or not content.keys() <= KEYS:
        raise CourseError(f"it should be an object with the keys {', '.join(sorted(KEYS))}; correct it.")
    due = {unit: None if when is None else _time(when) for unit, when in _object(content.get("due", {}), "due").items()}
    extensions = {
        unit: {student: _time(when) for student, when in _object(students, unit).items()}
        for unit, students in _object(content.get("extensions", {}), "extensions").items()
    }
    for unit in {**due, **extensions}:
        check_unit_name(unit)
    return Rules(_late(content["late"]) if content.get("late") is not None else None, due, extensions)


def _object(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise CourseError(f"{name} is {value!r}, and should be an object; correct it.")
    return value


def _time(text: object) -> datetime:
    if not isinstance(text, str):
        raise CourseError(f"{text!r} is no time; write it as {TIME_FORM}.")
    return parse_time(text)


def _late(content: object) -> LatePolicy:
    if not isinstance(content, dict) or not content.keys() <= {"policy", "percent", "cap"}:
        raise CourseError('late should be an object such as {"policy": "day", "percent": 10, "cap": 50}; correct it.')
    numbers = [content.get(name) for name in ("percent", "cap")]
    if any(isinstance(value, bool) or not isinstance(value, int | float | None) for value in numbers):
        raise CourseError("percent and cap of late should be numbers; correct them.")
    return late_policy(str(content.get("policy")), *numbers)


def _written(when: datetime) -> str:
    return when.isoformat(timespec="minutes" if not (when.second or when.microsecond) else "seconds")
