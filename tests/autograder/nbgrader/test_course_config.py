"""The course's own configuration file: it loads the autograder's, keeps what the instructor wrote, and is put right."""

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from autograder.errors import CourseError
from autograder.nbgrader.course_config import CONFIG, LOADING_LINES, OWN_SETTINGS, repair
from autograder.nbgrader.course_folder import attended, config

COMMAND = Path(sys.executable).with_name("autograder")
THREE_LINES = """\
c = get_config()
c.CourseDirectory.course_id = "rnn-2026"
c.AssignLatePenalties.plugin_class = "mine.Late"
"""


@pytest.fixture
def course(tmp_path):
    folder = tmp_path / "course"
    (folder / "source").mkdir(parents=True, mode=0o700)
    folder.chmod(0o700)
    return folder


def of(course):
    return course / CONFIG.name


def test_a_new_course_gets_a_file_with_a_place_for_own_settings_without_a_word(tmp_path):
    assert repair(tmp_path) is None

    assert of(tmp_path).read_text() == LOADING_LINES + OWN_SETTINGS
    assert config(tmp_path).Autograde == config(tmp_path / "none").Autograde


def test_own_settings_in_their_place_are_used_and_never_overwritten(course):
    repair(course)
    text = of(course).read_text() + THREE_LINES
    of(course).write_text(text)

    assert repair(course) is None
    assert of(course).read_text() == text
    assert config(course).CourseDirectory.course_id == "rnn-2026"
    assert config(course).AssignLatePenalties.plugin_class == "mine.Late"


def test_a_file_of_own_lines_gets_the_loading_lines_back_once(course):
    of(course).write_text(THREE_LINES)

    assert "did not load the autograder's configuration" in (repair(course) or "")
    assert of(course).read_text().startswith(LOADING_LINES)
    assert of(course).read_text().endswith(THREE_LINES)
    assert repair(course) is None


def test_a_link_that_leads_nowhere_or_to_the_autograder_becomes_a_file(course):
    for target in ("/nowhere/nbgrader_config.py", CONFIG):
        of(course).unlink(missing_ok=True)
        of(course).symlink_to(target)

        assert "was a link" in (repair(course) or "")
        assert not of(course).is_symlink()
        assert of(course).read_text() == LOADING_LINES + OWN_SETTINGS


def test_a_link_to_the_instructors_own_file_keeps_its_lines_and_leaves_that_file(course, tmp_path):
    own = tmp_path / "mine.py"
    own.write_text(THREE_LINES)
    of(course).symlink_to(own)

    assert "did not load" in (repair(course) or "")
    assert of(course).read_text().endswith(THREE_LINES)
    assert not of(course).is_symlink()
    assert own.read_text() == THREE_LINES


def test_a_file_that_is_gone_is_written_again_and_said(course):
    assert "was missing" in (repair(course) or "")


def test_a_repair_that_cannot_be_read_back_leaves_the_file(course):
    text = f"from __future__ import annotations\n{THREE_LINES}"
    of(course).write_text(text)

    with pytest.raises(CourseError, match=r"nbgrader_config\.py cannot be read \(SyntaxError: .*; correct it\.$"):
        repair(course)

    assert of(course).read_text() == text
    assert sorted(path.name for path in course.iterdir()) == [of(course).name, "source"]


@pytest.mark.parametrize(
    "line",
    [
        "c.Autograde.autograde_preprocessors = ['nbgrader.preprocessors.Execute']",
        "c.Autograde.autograde_preprocessors.append('nbgrader.preprocessors.Execute')",
        "c.Autograde.sanitize_preprocessors = []",
        "c.Autograde.exporter_class = 'nbconvert.exporters.NotebookExporter'",
        "c.GenerateFeedback.exporter_class = 'nbconvert.exporters.HTMLExporter'",
        "c.HTMLExporter.filters = {}",
    ],
)
def test_what_undoes_the_sandbox_is_refused_with_its_name(course, line):
    of(course).write_text(f"{LOADING_LINES}{line}\n")
    name = ".".join(line.split()[0].split(".")[:3])

    with pytest.raises(CourseError, match=rf"{name} overrides .* remove that setting \(docs/settings\.md\)\.$"):
        config(course)


def test_what_a_program_wrote_beside_it_counts_too(course):
    repair(course)
    (course / "nbgrader_config.json").write_text('{"Autograde": {"sanitize_preprocessors": []}}')

    with pytest.raises(CourseError, match=r"c\.Autograde\.sanitize_preprocessors overrides"):
        config(course)


def test_trust_in_the_file_is_refused(course):
    of(course).write_text(f"{LOADING_LINES}c.Judge.trusted = True\n")

    with pytest.raises(CourseError, match="Only `autograder grade --trusted` runs submissions without the sandbox"):
        config(course)


def test_a_list_of_files_to_ignore_that_lost_the_autograders_is_refused(course):
    of(course).write_text(f"{LOADING_LINES}c.CourseDirectory.ignore = ['*.csv']\n")

    with pytest.raises(CourseError, match=r"append to c\.CourseDirectory\.ignore instead of replacing it"):
        config(course)

    of(course).write_text(f"{LOADING_LINES}c.CourseDirectory.ignore.append('*.csv')\n")
    assert config(course).CourseDirectory.ignore[-1] == "*.csv"


@pytest.fixture
def outside():
    """A folder that no closed folder is around."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        yield Path(folder)


def test_a_course_that_everybody_can_read_is_said_with_the_command_that_closes_it(outside):
    repair(outside)
    (outside / "secret").write_text("0")
    (outside / "secret").chmod(0o644)
    assert attended(outside) == []

    outside.chmod(0o755)

    said = f"everybody on this machine can read {outside} and {outside}/secret; run: chmod -R go= {outside}"
    assert attended(outside) == [said]


@pytest.mark.sandbox
def test_the_doctor_repairs_the_course_and_says_so(course, instructor_path):
    of(course).write_text(THREE_LINES)
    words = [COMMAND, "doctor", "--course", course]

    first, second = (subprocess.run(words, capture_output=True, text=True, timeout=120) for _ in range(2))

    assert first.returncode == 1
    assert "did not load the autograder's configuration" in first.stdout
    assert second.returncode == 0
    assert of(course).read_text().endswith(THREE_LINES)
