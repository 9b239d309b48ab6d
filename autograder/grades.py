"""The grade of a submission: its parts, and the one function that makes a number of them."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

GradeState = Literal[
    "graded", "late", "needs a person", "unreadable", "internal error", "not graded yet", "not handed in"
]


def final_points(points: float, penalty: float) -> float:
    """Return the grade: the points of all exercises less what lateness costs, never below 0, as nbgrader exports it."""
    return max(0.0, points - penalty)


def number(points: float) -> str:
    """Return points as they are written everywhere: up to two decimals, no more than needed."""
    return f"{round(points, 2) + 0.0:.2f}".rstrip("0").rstrip(".")


def duration(seconds: float) -> str:
    """Return how late something is, in hours and minutes; "" if it is not late. A minute that has begun counts."""
    minutes = -int(-seconds // 60)
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes > 0 else ""


@dataclass(frozen=True)
class ExerciseGrade:
    """What the gradebook holds on one exercise of a submission.

    ``judged`` are the points of the judge, ``manual`` those that a person gave in their place; each is None if there
    are none. ``needs_person`` is whether a person has to look at it; ``status`` is the verdict's, "" if unknown.
    """

    exercise: str
    judged: float | None
    manual: float | None
    extra: float
    needs_person: bool
    status: str = ""

    @property
    def is_scored(self) -> bool:
        """Whether it has points from the judge or from a person."""
        return self.judged is not None or self.manual is not None

    @property
    def base(self) -> float:
        """The points without extra credit; a person's count before the judge's."""
        return next((points for points in (self.manual, self.judged) if points is not None), 0.0)

    @property
    def points(self) -> float:
        """The points with extra credit, which counts only beside others, as in nbgrader."""
        return self.base + self.extra if self.is_scored else 0.0


@dataclass(frozen=True)
class Grade:
    """One student's grade in one unit. ``late`` is in seconds, ``maximum`` what the unit's exercises give at most."""

    student: str
    name: str
    unit: str
    state: GradeState
    exercises: tuple[ExerciseGrade, ...]
    penalty: float
    maximum: float
    late: float

    @property
    def is_scored(self) -> bool:
        """Whether there is a grade; one of an earlier submission stays where the last one is unreadable."""
        return any(exercise.is_scored for exercise in self.exercises)

    @property
    def judged(self) -> float:
        """The points of the judge."""
        return sum(exercise.judged or 0.0 for exercise in self.exercises)

    @property
    def manual(self) -> float:
        """By how much the scores that people gave differ from the judge's points that they replace."""
        return sum(
            exercise.manual - (exercise.judged or 0.0) for exercise in self.exercises if exercise.manual is not None
        )

    @property
    def extra(self) -> float:
        """The extra credit."""
        return sum(exercise.extra for exercise in self.exercises if exercise.is_scored)

    @property
    def final(self) -> float | None:
        """The grade, None where nothing has been scored."""
        points = sum(exercise.points for exercise in self.exercises)
        return final_points(points, self.penalty) if self.is_scored else None


@dataclass(frozen=True)
class Recomputed:
    """A penalty that is now another: the grade ``before`` and ``after``, and by how many seconds it is late.

    ``notebook`` is the id in the gradebook of what was handed in.
    """

    student: str
    unit: str
    notebook: str
    penalty: float | None
    before: float
    after: float
    late: float


def state_of(
    exercises: Collection[ExerciseGrade], *, recorded: str | None, late: float, handed_in: bool, readable: bool
) -> GradeState:
    """Return the state of a grade with these ``exercises``; ``recorded`` is what became of the last submission."""
    if recorded == "internal_error":
        return "internal error"
    if recorded == "unreadable" or not readable:
        return "unreadable"
    if not any(exercise.is_scored for exercise in exercises):
        return "not graded yet" if handed_in else "not handed in"
    if any(exercise.needs_person for exercise in exercises):
        return "needs a person"
    return "late" if late > 0 else "graded"
