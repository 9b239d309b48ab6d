"""The grade is the grade: file, table, page and gradebook say the same number whatever has happened, for everybody."""

from datetime import datetime
from pathlib import Path

import pytest
from nbgrader.api import Gradebook

from autograder.files import write_whole
from autograder.gradebook.record import Recorder
from autograder.grades import Recomputed
from autograder.grading.update import update_grades
from autograder.nbgrader.course_folder import config, database, prepare
from autograder.nbgrader.database_url import configure_database
from autograder.results import Result
from tests.autograder.grading.grade_places import places, rows
from tests.autograder.made_results import handed_in, made_result
from tests.autograder.submissions import UNIT

SECOND = "u03_vanishing_gradients"
DUE, LATE = datetime(2026, 3, 1), datetime(2026, 3, 2, 1, 30)

pytestmark = [
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=[pytest.mark.postgresql, pytest.mark.slow])])
def course(request, released_course):
    """A course with unit 01 released, and a late policy that leaves nothing."""
    if request.param == "postgresql":
        (released_course / "gradebook.db").unlink()
        configure_database(released_course, request.getfixturevalue("url"))
        prepare(released_course, UNIT)
        with Gradebook(database(released_course)) as gradebook:
            if not [each for each in gradebook.assignments if each.name == UNIT]:
                pytest.fail("unit 01 is not in the gradebook")
    with (released_course / "nbgrader_config.py").open("a") as file:
        file.write('c.LateSubmissionPlugin.penalty_method = "zero"\n')
    return released_course


def save(course: Path, result: Result, *, unit: str = UNIT, when: datetime | None = None, raw: bytes = b"1") -> None:
    with Recorder(course, unit, database(course), config(course)) as recorder:
        recorder.save(result, handed_in(result.student, unit, when, raw) if result.state == "graded" else None)
    (course / "submitted" / result.student / unit).mkdir(parents=True, exist_ok=True)


def by_hand(course: Path, student: str, **scores: float) -> None:
    """Let a person grade the exercise softmax, as in the formgrader."""
    with Gradebook(database(course)) as gradebook:
        grade = gradebook.find_grade("softmax-check", UNIT, UNIT, student)
        for name, value in scores.items():
            setattr(grade, name, value)
        gradebook.db.commit()


def due(course: Path, when: datetime | None, unit: str = UNIT) -> None:
    with Gradebook(database(course)) as gradebook:
        gradebook.find_assignment(unit).duedate = when
        gradebook.db.commit()


def agreed(course: Path, unit: str = UNIT) -> dict[str, tuple[str, str]]:
    """Return everybody's grade and state after a run that judges nothing; every place must say the same grade."""
    grades = update_grades(course).grades[unit]
    for student, shown in places(course, unit, grades).items():
        assert len(set(shown.values())) == 1, (student, shown)
    return {student: (row["final"], row["state"]) for student, row in rows(course / f"grades/{unit}.csv").items()}


def test_every_place_says_the_same_grade_after_all_that_can_happen_to_one(course):
    with Gradebook(database(course)) as gradebook:
        gradebook.add_student("zoe", first_name="Zoe", last_name="Kim")
    save(course, made_result("ada", UNIT))
    save(course, made_result("bela", UNIT, {"softmax": 0}), when=LATE)
    save(course, Result("dan", "unreadable", "It is empty."))
    assert agreed(course) == {
        "ada": ("20", "graded"),
        "bela": ("18", "graded"),
        "dan": ("", "unreadable"),
        "zoe": ("", "not handed in"),
    }
    due(course, DUE)
    assert agreed(course)["bela"] == ("0", "late")
    by_hand(course, "ada", manual_score=1.25, extra_credit=0.5)
    by_hand(course, "bela", manual_score=1.0)
    assert {name: agreed(course)[name] for name in ("ada", "bela")} == {
        "ada": ("19.75", "graded"),
        "bela": ("0", "late"),
    }
    due(course, None)
    assert agreed(course)["bela"] == ("19", "graded")
    # A new submission: the score given by hand stays, and a person has to look at it.
    save(course, made_result("ada", UNIT, {"one_hot": 0}), raw=b"2")
    assert agreed(course)["ada"] == ("17.75", "needs a person")
    # A damaged one: the grade stays, everywhere.
    save(course, Result("bela", "unreadable", "It is empty."))
    assert agreed(course)["bela"] == ("19", "unreadable")
    before = agreed(course)
    prepare(course, SECOND)
    save(course, made_result("ada", SECOND), unit=SECOND)
    assert agreed(course, SECOND)["ada"][1] == "graded"
    assert agreed(course) == before


def test_the_parts_of_a_grade_add_up_and_the_name_is_that_of_the_roster(course):
    with Gradebook(database(course)) as gradebook:
        gradebook.add_student("bela", first_name="Béla", last_name="김")
    due(course, DUE)
    save(course, made_result("bela", UNIT, {"softmax": 0}), when=LATE)
    by_hand(course, "bela", manual_score=1.5, extra_credit=0.25, needs_manual_grade=False)
    update_grades(course)

    row = rows(course / f"grades/{UNIT}.csv")["bela"]
    parts = {name: row[name] for name in ("name", "judged", "manual", "extra", "penalty", "final", "maximum")}
    assert parts == {
        "name": "Béla 김",
        "judged": "18",
        "manual": "1.5",
        "extra": "0.25",
        "penalty": "19.75",
        "final": "0",
        "maximum": "20",
    }
    assert (row["state"], row["late by"], row["softmax"]) == ("late", "25 h 30 min", "1.75")


def test_a_second_unit_leaves_the_first_ones_file_and_the_matrix_has_both(course):
    save(course, made_result("ada", UNIT))
    update_grades(course)
    first = (course / f"grades/{UNIT}.csv").read_bytes()
    prepare(course, SECOND)
    save(course, made_result("bela", SECOND), unit=SECOND)
    update_grades(course)

    # Bela is new in the first.
    assert first.splitlines()[1] == (course / f"grades/{UNIT}.csv").read_bytes().splitlines()[1]
    row = rows(course / "grades/all.csv")
    assert (row["ada"][UNIT], row["ada"][SECOND], row["ada"][f"{SECOND} state"]) == ("20", "", "not handed in")
    assert (row["ada"]["final"], row["ada"]["maximum"]) == ("20", "40")
    assert (row["bela"][UNIT], row["bela"][SECOND], row["bela"]["final"]) == ("", "20", "20")


def test_a_run_without_judging_says_whose_grade_the_due_date_has_changed_and_only_once(course):
    save(course, made_result("ada", UNIT))
    save(course, made_result("bela", UNIT), when=LATE)
    due(course, DUE)

    (change,) = update_grades(course).changed
    assert isinstance(change, Recomputed)
    assert (change.student, change.unit, change.before, change.after, change.late) == ("bela", UNIT, 20, 0, 91800)
    assert update_grades(course).changed == []


def test_a_late_resubmission_costs_what_its_own_points_cost(course):
    save(course, made_result("ada", UNIT, {"softmax": 0}))
    due(course, DUE)
    save(course, made_result("ada", UNIT), when=LATE, raw=b"2")

    assert update_grades(course).changed == []
    assert agreed(course)["ada"] == ("0", "late")


def test_a_submission_that_just_failed_and_one_that_was_not_reached_have_names_of_their_own(course):
    save(course, made_result("ada", UNIT))
    (course / "submitted" / "bela" / UNIT).mkdir(parents=True)
    (course / "submitted" / ("x" * 200) / UNIT).mkdir(parents=True)

    grades = update_grades(course, failed={UNIT: ["ada"]}).grades[UNIT]

    assert {grade.student: grade.state for grade in grades} == {
        "ada": "internal error",
        "bela": "not graded yet",
        "x" * 200: "unreadable",
    }


def test_files_are_written_whole_or_not_at_all(course, monkeypatch):
    save(course, made_result("ada", UNIT))
    update_grades(course)
    before = (course / f"grades/{UNIT}.csv").read_bytes()
    save(course, made_result("ada", UNIT, {"softmax": 0}), raw=b"2")

    def killed(path, text, *mode):
        write_whole(path.with_name("other"), text[:10])
        raise KeyboardInterrupt

    monkeypatch.setattr("autograder.pages.grade_files.write_whole", killed)
    with pytest.raises(KeyboardInterrupt):
        update_grades(course)

    assert (course / f"grades/{UNIT}.csv").read_bytes() == before
    monkeypatch.undo()
    assert agreed(course)["ada"][0] == "18"
