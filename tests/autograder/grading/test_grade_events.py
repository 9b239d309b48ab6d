"""Whatever happens to a class in whatever order, every place says the grade that an independent model says."""

import shutil
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from decimal import ROUND_HALF_DOWN, Decimal
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from nbgrader.api import Gradebook

from autograder.gradebook.record import Recorder
from autograder.grading.update import update_grades
from autograder.nbgrader.course_folder import config, database
from autograder.results import Result
from autograder.rules import late_policy, read_rules, write_rules
from tests.autograder.grading.grade_places import places, rows
from tests.autograder.made_results import handed_in, made_result
from tests.autograder.submissions import UNIT

pytestmark = [
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]

STUDENTS = ("ada", "bela", "cleo")
START = datetime(2026, 3, 1)
students = st.sampled_from(STUDENTS)
hours = st.integers(0, 96)
# Points in softmax and num_params; everything else is right: 17 points.
answers = st.tuples(st.integers(0, 2), st.integers(0, 1))
policies = st.sampled_from([("none",), ("zero",), ("day", 10.0, 25.0), ("day", 7.5, None), ("hour", 1.0, 50.0)])
scores = st.sampled_from([0.0, 0.75, 1.5, 2.0])


@cache
def result(student: str, softmax: int, num_params: int) -> Result:
    return made_result(student, UNIT, {"softmax": softmax, "num_params": num_params})


@dataclass
class Model:
    """What is known of one student: hours since the start, points, and what people did."""

    handed_in: int | None = None
    softmax: int = 0
    num_params: int = 0
    manual: float | None = None
    extra: float = 0.0
    damaged: bool = False
    confirmed: bool = True
    until: int | None = None


@dataclass
class Course:
    policy: tuple = ("none",)
    due: int | None = None
    students: dict[str, Model] = field(default_factory=lambda: {name: Model() for name in STUDENTS})

    def late(self, model: Model) -> int:
        """Return the hours."""
        if self.due is None or model.handed_in is None:
            return 0
        return max(0, model.handed_in - max(self.due, model.until or 0))

    def final(self, model: Model) -> str:
        """Return the grade as it is written, in decimal arithmetic."""
        if model.handed_in is None:
            return ""
        softmax = model.softmax if model.manual is None else model.manual
        points = Decimal(17) + Decimal(str(softmax)) + model.num_params + Decimal(str(model.extra))
        late, (kind, *numbers) = self.late(model), self.policy
        if kind == "zero" and late:
            return "0"
        percent = Decimal(0)
        if kind in ("day", "hour"):
            each, cap = numbers
            periods = late if kind == "hour" else (late + 23) // 24
            percent = min(Decimal(str(cap or 100)), Decimal(str(each)) * periods)
        penalty = (points * percent / 100).quantize(Decimal("0.01"), ROUND_HALF_DOWN)
        return (
            f"{points - penalty:f}".rstrip("0").rstrip(".") if "." in f"{points - penalty:f}" else f"{points - penalty}"
        )

    def state(self, model: Model) -> str:
        if model.damaged:
            return "unreadable"
        if model.handed_in is None:
            return "not handed in"
        if not model.confirmed:
            return "needs a person"
        return "late" if self.late(model) else "graded"


class Events(RuleBasedStateMachine):
    """The events of a term, done to a course folder and to the model."""

    template: Path
    folder: Path

    @initialize(policy=policies, due=st.integers(0, 24), times=st.tuples(hours, hours))
    def begin(self, policy, due, times):
        """Two have handed in, one of them after the due date whatever is drawn, so that lateness is there at once."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.course = shutil.copytree(self.template, self.folder, symlinks=True)
        self.model = Course()
        self.number = 0
        self.late(policy)
        self.due(due)
        self.hand_in("ada", (1, 1), times[0])
        self.hand_in("bela", (2, 0), due + 1 + times[1])

    def save(self, result: Result, when: int | None) -> None:
        self.number += 1
        (self.course / "submitted" / result.student / UNIT).mkdir(parents=True, exist_ok=True)
        time = None if when is None else START + timedelta(hours=when)
        submission = handed_in(result.student, UNIT, time, str(self.number).encode())
        with Recorder(self.course, UNIT, database(self.course), config(self.course)) as recorder:
            recorder.save(result, None if when is None else submission)

    def grade_by_hand(self, student: str, **values: object) -> None:
        with Gradebook(database(self.course)) as gradebook:
            grade = gradebook.find_grade("softmax-check", UNIT, UNIT, student)
            for name, value in {**values, "needs_manual_grade": False}.items():
                setattr(grade, name, value)
            gradebook.db.commit()

    @rule(student=students, answer=answers, when=hours)
    def hand_in(self, student, answer, when):
        self.save(result(student, *answer), when)
        model = self.model.students[student]
        model.handed_in, (model.softmax, model.num_params), model.damaged = when, answer, False
        model.confirmed = model.manual is None

    @rule(student=students)
    def hand_in_damaged(self, student):
        self.save(Result(student, "unreadable", "It is empty."), None)
        self.model.students[student].damaged = True

    @rule(student=students, score=scores, extra=scores)
    def score_by_hand(self, student, score, extra):
        model = self.model.students[student]
        if model.handed_in is not None:
            self.grade_by_hand(student, manual_score=score, extra_credit=extra)
            model.manual, model.extra, model.confirmed = score, extra, True

    @rule(when=st.none() | hours)
    def due(self, when):
        self.change_rules(lambda rules: rules.with_due(UNIT, None if when is None else self.time(when)))
        self.model.due = when

    @rule(student=students, when=st.none() | hours)
    def extend(self, student, when):
        self.change_rules(lambda rules: rules.with_extension(UNIT, student, None if when is None else self.time(when)))
        self.model.students[student].until = when

    @rule(policy=policies)
    def late(self, policy):
        self.change_rules(lambda rules: replace(rules, late=late_policy(*(*policy, None, None)[:3])))
        self.model.policy = policy

    def change_rules(self, change) -> None:
        write_rules(self.course, change(read_rules(self.course)))

    def time(self, when: int) -> datetime:
        return (START + timedelta(hours=when)).replace(tzinfo=UTC)

    @invariant()
    def every_place_says_what_the_model_says(self):
        if not hasattr(self, "course"):
            return
        grades = update_grades(self.course).grades.get(UNIT)
        if grades is None:
            assert all(model.handed_in is None and not model.damaged for model in self.model.students.values())
            return
        shown = places(self.course, UNIT, grades)
        states = {student: row["state"] for student, row in rows(self.course / f"grades/{UNIT}.csv").items()}
        for student, model in self.model.students.items():
            final = self.model.final(model)
            found = shown.get(student, {})
            assert set(found.values()) <= {final}, (student, found, final, model)
            assert states.get(student, "not handed in") == self.model.state(model), (student, model)


@pytest.mark.parametrize(
    ("examples", "steps"), [(2, 12), pytest.param(25, 25, marks=pytest.mark.slow)], ids=["few", "many"]
)
def test_every_order_of_events_ends_with_the_same_grade_everywhere(released_course, tmp_path, examples, steps):
    Events.template, Events.folder = released_course, tmp_path / "term"
    run_state_machine_as_test(
        Events,
        settings=settings(
            max_examples=examples,
            stateful_step_count=steps,
            deadline=None,
            derandomize=True,
            database=None,
            suppress_health_check=list(HealthCheck),
            # A shorter example of a failure would take minutes: each step is a run over the gradebook.
            phases=[Phase.generate],
        ),
    )
