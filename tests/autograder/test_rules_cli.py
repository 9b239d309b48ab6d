"""The commands that change rules: applied at once to what is graded, with a line for each grade that changed."""

from datetime import datetime

import pytest
from nbgrader.api import Gradebook
from typer.testing import CliRunner

from autograder.cli import app
from autograder.errors import CourseError
from autograder.gradebook.record import Recorder
from autograder.grading.update import update_grades
from autograder.nbgrader.course_folder import config, database
from autograder.rules import RULES
from bench.gradebooks import contents
from tests.autograder.grading.grade_places import places
from tests.autograder.made_results import handed_in, made_result
from tests.autograder.submissions import UNIT

pytestmark = [
    pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]


@pytest.fixture
def course(released_course):
    """A course in which Ada handed in on 10 March at noon in Seoul, and Bela a day and a half later."""
    times = {"ada": datetime(2026, 3, 10, 3), "bela": datetime(2026, 3, 11, 15)}
    with Recorder(released_course, UNIT, database(released_course), config(released_course)) as recorder:
        for student, when in times.items():
            recorder.save(made_result(student, UNIT), handed_in(student, UNIT, when))
    update_grades(released_course)
    return released_course


def run(course, *words):
    """Return what the command prints; an exception is raised here."""
    done = CliRunner().invoke(app, [*map(str, words), "--course", str(course)], catch_exceptions=False)
    assert done.exit_code == 0
    return done.stdout


def shown(course):
    """Return everybody's grade, which must be the same in every place."""
    found = places(course, UNIT, update_grades(course).grades[UNIT])
    assert all(len(set(by_place.values())) == 1 for by_place in found.values()), found
    return {student: by_place["csv"] for student, by_place in found.items()}


def test_each_command_changes_the_grades_at_once_and_says_whose(course):
    assert run(course, "late", "day", "--percent", 10) == "No grade changes.\n"
    assert run(course, "due", UNIT, "2026-03-10 12:00 Asia/Seoul").splitlines() == [
        "Grades in which the late penalty changed: 1",
        f"  bela, {UNIT}: 20 → 16 (36 h 00 min late)",
    ]
    assert shown(course) == {"ada": "20", "bela": "16"}
    assert f"bela, {UNIT}: 16 → 18 (36 h 00 min late)" in run(course, "late", "day", "--percent", 10, "--cap", 10)
    assert f"bela, {UNIT}: 18 → 20 (not late)" in run(course, "extend", "bela", UNIT, "2026-03-12T12:00+09:00")
    assert shown(course) == {"ada": "20", "bela": "20"}
    assert f"bela, {UNIT}: 20 → 18" in run(course, "extend", "bela", UNIT, "none")
    assert f"bela, {UNIT}: 18 → 20 (not late)" in run(course, "due", UNIT, "none")
    assert shown(course) == {"ada": "20", "bela": "20"}


def test_a_dry_run_says_the_same_and_changes_nothing(course):
    run(course, "late", "zero")
    before = contents(database(course)), {p: p.read_bytes() for p in (*course.glob("grades/*"), course / RULES)}

    dry = run(course, "due", UNIT, "2026-03-10T12:00+09:00", "--dry-run")

    assert (contents(database(course)), {p: p.read_bytes() for p in before[1]}) == before
    assert dry.splitlines()[-1] == "This was a dry run: nothing was changed."
    assert run(course, "due", UNIT, "2026-03-10T12:00+09:00").splitlines() == dry.splitlines()[:-1]


def test_a_submission_that_comes_later_is_graded_by_the_rules_that_are_there(course):
    run(course, "late", "hour", "--percent", 1)
    run(course, "due", UNIT, "2026-03-10T12:00+09:00")
    (course / "submitted" / "cleo" / UNIT).mkdir(parents=True)
    run(course, "extend", "cleo", UNIT, "2026-03-10T13:00+09:00")
    with Recorder(course, UNIT, database(course), config(course)) as recorder:
        recorder.save(made_result("cleo", UNIT), handed_in("cleo", UNIT, datetime(2026, 3, 10, 6)))

    assert update_grades(course).changed == []
    assert shown(course)["cleo"] == "19.6"


def test_nbgraders_own_step_charges_the_same(course):
    run(course, "late", "day", "--percent", 10)
    from nbgrader.preprocessors import AssignLatePenalties

    step = AssignLatePenalties(config=config(course))
    step.init_plugin()
    assert step.plugin_inst.late_submission_penalty("bela", 20.0, 129_600.0) == 4


def test_dates_that_are_not_in_the_file_stay_as_the_gradebook_has_them(course):
    run(course, "late", "zero")
    with Gradebook(database(course)) as gradebook:
        gradebook.find_assignment(UNIT).duedate = datetime(2026, 3, 11)
        gradebook.db.commit()

    assert shown(course) == {"ada": "20", "bela": "0"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("due", "u01_rnn_cel", "none"), "there is no unit u01_rnn_cel; did you mean u01_rnn_cell?"),
        (("due", UNIT, "2026-03-10"), "has no time zone; write it as"),
        (("extend", "ada", UNIT, "2026-03-12T12:00Z"), "has no due date to extend; set one first: autograder due"),
        (("late", "week"), "'week' is no late policy"),
    ],
)
def test_what_cannot_be_meant_is_refused_and_changes_nothing(course, words, message):
    with pytest.raises(CourseError) as refused:
        run(course, *words)
    assert message in str(refused.value)
    assert not (course / RULES).exists()


def test_an_extension_needs_a_known_student_and_a_later_time(course):
    run(course, "due", UNIT, "2026-03-10T12:00+09:00")

    with pytest.raises(CourseError, match=r"there is no student bella; did you mean bela\?"):
        run(course, "extend", "bella", UNIT, "2026-03-12T12:00Z")
    with pytest.raises(CourseError, match="is not after 2026-03-10T12:00:00\\+09:00, when u01_rnn_cell is due"):
        run(course, "extend", "bela", UNIT, "2026-03-10T02:00Z")


def test_a_policy_beside_a_plugin_of_ones_own_is_refused(course):
    run(course, "late", "zero")
    with (course / "nbgrader_config.py").open("a") as file:
        file.write('c.AssignLatePenalties.plugin_class = "nbgrader.plugins.LateSubmissionPlugin"\n')

    with pytest.raises(CourseError, match="remove one of them"):
        update_grades(course)


def test_a_folder_that_is_no_course_is_named(tmp_path):
    with pytest.raises(CourseError, match=r"there is no course folder .*nowhere; name it with --course"):
        run(tmp_path / "nowhere", "due", UNIT, "none")
