"""Plain nbgrader, whatever configuration it reads, runs no submission of this course outside the sandbox."""

import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from nbformat.v4 import new_code_cell

from autograder.nbgrader.course_config import LOADING_LINES
from autograder.nbgrader.course_folder import prepare
from autograder.nbgrader.guard import LINK
from tests.autograder.submissions import UNIT, hand_in

pytestmark = [pytest.mark.sandbox, pytest.mark.timeout(180)]

BIN = Path(sys.executable).parent
CONFIG = "nbgrader_config.py"
THREE_LINES = """
c = get_config()
c.CourseDirectory.course_id = "rnn-2026"
c.AssignLatePenalties.plugin_class = "nbgrader.plugins.LateSubmissionPlugin"
"""
API = """
import sys
from nbgrader.apps import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
done = NbGraderAPI(CourseDirectory(root=sys.argv[1])).autograde(sys.argv[2], "ada")
print(done["log"])
sys.exit(not done["success"])
"""
STOCK_STEPS = """
c.Autograde.autograde_preprocessors = ["nbgrader.preprocessors.Execute", "nbgrader.preprocessors.SaveAutoGrades"]
"""
HINTS = ("run autograder grade", "run `autograder grade`")


class Course:
    """A course folder in which ada has handed in a notebook that leaves a mark when it runs outside the sandbox."""

    def __init__(self, folder: Path, right):
        self.folder, self.home = folder, folder.parent / "home"
        self.mark = folder.parent / "mark"
        self.home.mkdir()
        right.cells.insert(0, new_code_cell(f"open({str(self.mark)!r}, 'w').close()"))
        hand_in(folder, "ada", right)

    def configure(self, text: str | None, place: Path | None = None) -> None:
        """Put ``text`` where nbgrader looks for its configuration; None for no file."""
        path = (place or self.folder) / CONFIG
        path.unlink(missing_ok=True)
        if text is not None:
            path.write_text(text)

    def nbgrader(self, *words: str, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run the command `nbgrader`, by default in the course folder."""
        return self.run([str(BIN / "nbgrader"), *words], cwd or self.folder)

    def run(self, command: list[str], cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run a command as somebody whose Jupyter configuration is in ``home``."""
        env = {**os.environ, "HOME": str(self.home), "JUPYTER_CONFIG_DIR": str(self.home)}
        env["PATH"] = f"{BIN}{os.pathsep}{env['PATH']}"
        return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=150)

    def assert_refused(self, done: subprocess.CompletedProcess[str]) -> None:
        """Assert that the submission did not run, and that what was printed says what to do."""
        said = done.stdout + done.stderr
        assert not self.mark.exists()
        assert done.returncode != 0
        assert any(hint in said for hint in HINTS), said


@pytest.fixture
def course(released_course, right) -> Course:
    return Course(released_course, right)


def own_file(course):
    course.configure(THREE_LINES)
    return course.nbgrader("autograde", UNIT)


def dangling_link(course):
    course.configure(None)
    (course.folder / CONFIG).symlink_to("/nowhere/autograder/nbgrader_config.py")
    return course.nbgrader("autograde", UNIT)


def no_file(course):
    course.configure(None)
    return course.nbgrader("autograde", UNIT)


def file_that_cannot_be_read(course):
    course.configure("from autograder_of_another_machine import settings\n")
    return course.nbgrader("autograde", UNIT)


def only_jupyters_folder(course):
    course.configure(None)
    course.configure(f"c.CourseDirectory.root = {str(course.folder)!r}\n{THREE_LINES}", course.home)
    return course.nbgrader("autograde", UNIT, cwd=course.home)


def another_working_folder(course):
    course.configure(THREE_LINES)
    return course.nbgrader("autograde", UNIT, f"--course-dir={course.folder}", "--course=rnn-2026", cwd=course.home)


def formgraders_api(course):
    return course.run([sys.executable, "-c", API, str(course.folder), UNIT], course.home)


def kernel_set_by_hand(course):
    course.configure(f"{THREE_LINES}c.ExecutePreprocessor.kernel_name = 'python3'\n")
    return course.nbgrader("autograde", UNIT)


def steps_without_the_kernel_of_the_source(course):
    steps = "c.Autograde.sanitize_preprocessors = ['nbgrader.preprocessors.ClearOutput']\n"
    course.configure(THREE_LINES + steps)
    return course.nbgrader("autograde", UNIT)


def copied_without_links(course):
    course.configure(THREE_LINES)
    (course.folder / "source" / UNIT / LINK).unlink()
    return course.nbgrader("autograde", UNIT)


def released_again(course):
    course.configure(THREE_LINES)
    (course.folder / "source" / UNIT / LINK).unlink()
    assert course.nbgrader("generate_assignment", UNIT, "--force").returncode == 0
    return course.nbgrader("autograde", UNIT)


def own_steps_after_loading(course):
    course.configure(LOADING_LINES + STOCK_STEPS)
    return course.nbgrader("autograde", UNIT)


def own_steps_on_the_command_line(course):
    steps = "--Autograde.autograde_preprocessors=nbgrader.preprocessors.Execute"
    return course.nbgrader("autograde", UNIT, steps)


def own_steps_and_reader_after_loading(course):
    course.configure(
        f"{LOADING_LINES}{STOCK_STEPS}c.Autograde.exporter_class = 'nbconvert.exporters.NotebookExporter'\n"
    )
    return course.nbgrader("autograde", UNIT)


WAYS = [
    own_file,
    dangling_link,
    no_file,
    file_that_cannot_be_read,
    only_jupyters_folder,
    another_working_folder,
    formgraders_api,
    kernel_set_by_hand,
    steps_without_the_kernel_of_the_source,
    copied_without_links,
    released_again,
    own_steps_and_reader_after_loading,
]


@pytest.mark.parametrize("way", WAYS, ids=lambda way: way.__name__)
def test_without_the_courses_configuration_nothing_is_run_and_the_error_says_what_to_do(course, way):
    course.assert_refused(way(course))


@pytest.mark.parametrize("way", [own_steps_after_loading, own_steps_on_the_command_line], ids=lambda way: way.__name__)
def test_steps_that_undo_the_sandbox_are_refused_in_a_sentence(course, way):
    done = way(course)

    assert not course.mark.exists()
    assert done.returncode != 0
    assert "c.Autograde.autograde_preprocessors overrides" in done.stderr


def test_trust_is_no_setting(course):
    course.configure(f"{LOADING_LINES}c.Judge.trusted = True\n")

    done = course.nbgrader("autograde", UNIT)

    assert done.returncode == 0, done.stderr
    assert not course.mark.exists()


@pytest.mark.parametrize("words", [[], ["--course-dir"]])
def test_with_the_courses_configuration_nbgrader_grades_in_the_sandbox(course, words):
    course.configure(f"{LOADING_LINES}c.CourseDirectory.course_id = 'default_course'\n")
    place = course.home if words else course.folder

    done = course.nbgrader("autograde", UNIT, *(f"{word}={course.folder}" for word in words), cwd=place)

    assert done.returncode == 0, done.stderr
    assert not course.mark.exists()
    with sqlite3.connect(course.folder / "gradebook.db") as database:
        assert database.execute("SELECT sum(auto_score) FROM grade").fetchone() == (20.0,)
    database.close()


def test_a_course_from_before_is_closed_when_it_is_graded_next(course):
    open_again(course.folder)

    prepare(course.folder, UNIT)
    course.configure(None)

    course.assert_refused(course.nbgrader("autograde", UNIT))


def test_the_mark_is_left_by_a_course_that_is_not_closed(course):
    open_again(course.folder)
    course.configure(None)

    course.nbgrader("autograde", UNIT)

    assert course.mark.exists()


def test_students_get_an_ordinary_kernel(course):
    shutil.rmtree(course.folder / "release")

    assert course.nbgrader("generate_assignment", UNIT, "--force").returncode == 0

    released = course.folder / "release" / UNIT
    assert sorted(path.name for path in released.iterdir()) == [f"{UNIT}.ipynb"]
    assert '"name": "python3"' in (released / f"{UNIT}.ipynb").read_text()


def open_again(folder: Path) -> None:
    """Make the course folder as it was made before anything stood in nbgrader's way."""
    (folder / "source" / UNIT / LINK).unlink()
    with sqlite3.connect(folder / "gradebook.db") as database:
        database.execute("""UPDATE notebook SET kernelspec = '{"name": "python3", "display_name": "Python 3"}'""")
    database.close()
