"""The check of a reader's installation: what it finds, what it advises, and that nothing makes it fail."""

import importlib
from importlib import metadata

import pytest

from rnnlab import environment
from rnnlab.environment import LIBRARIES, Environment, Part, VersionRange, check_environment
from rnnlab.specs import SPECS


def part(name):
    return next(part for part in check_environment().parts if part.name == name)


@pytest.fixture
def versions(monkeypatch):
    """Return a dict in which a test sets what is said to be installed; None is for what is not."""
    real, said = metadata.version, {}

    def version(name):
        found = said[name] if name in said else real(name)
        if found is None:
            raise metadata.PackageNotFoundError(name)
        return found

    monkeypatch.setattr(environment.metadata, "version", version)
    return said


@pytest.fixture
def broken(monkeypatch):
    """Return a dict in which a test sets what importing a library raises."""
    real, raised = importlib.import_module, {}

    def import_module(name):
        if name in raised:
            raise raised[name]
        return real(name)

    monkeypatch.setattr(environment.importlib, "import_module", import_module)
    return raised


def test_here_all_is_as_tested():
    found = check_environment()

    assert {part.result for part in found.parts} == {"as tested"}
    assert found.advice == "Nothing: all versions are as tested."


def test_a_build_of_the_tested_version_is_that_version(versions):
    versions["torch"] = f"{LIBRARIES['torch'].highest}+cu130"

    assert part("torch").result == "as tested"


@pytest.mark.parametrize(
    ("version", "covered"),
    [("2.0.0", True), ("2.4.6", True), ("2.3.9", True), ("1.26.4", False), ("2.4.7", False), ("3.0.0", False)],
)
def test_a_range_covers_its_ends_and_what_lies_between(version, covered):
    assert VersionRange("2.0.0", "2.4.6").covers(version) == covered


@pytest.mark.parametrize(
    ("version", "covered"), [("3.11.2", True), ("3.14.9", True), ("3.10.1", False), ("3.15.0a1", False)]
)
def test_a_range_of_minor_versions_covers_all_their_patches(version, covered):
    assert VersionRange("3.11", "3.14").covers(version) == covered


def test_another_version_is_a_warning_and_no_obstacle(versions):
    versions["numpy"] = "1.26.4"

    assert part("numpy") == Part("numpy", "1.26.4", part("numpy").expected, "other version")
    assert check_environment().advice.startswith("You can start.")


def test_a_missing_library_is_told_with_the_line_that_installs_it(versions, broken):
    versions["torch"] = None
    broken["torch"] = ModuleNotFoundError("No module named 'torch'")

    assert part("torch").result == "missing"
    assert f"`%pip install torch=={LIBRARIES['torch'].highest}`" in check_environment().advice


def test_a_library_that_does_not_start_is_told_whatever_it_raises(broken):
    broken["matplotlib"] = OSError("a shared library is missing")

    assert part("matplotlib").result == "broken"
    assert "`%pip install matplotlib==" in check_environment().advice


def test_missing_answers_are_told(monkeypatch, tmp_path):
    monkeypatch.setattr(environment.resources, "files", lambda package: tmp_path)

    assert part("answers of checks") == Part("answers of checks", "0 exercises", f"{len(SPECS)} exercises", "missing")
    assert "--force-reinstall" in check_environment().advice


def test_a_damaged_file_of_answers_counts_as_missing(monkeypatch, tmp_path):
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "u01_rnn_cell.json").write_text("[1")
    monkeypatch.setattr(environment.resources, "files", lambda package: tmp_path)

    assert part("answers of checks").result == "missing"


def test_another_python_is_told(monkeypatch):
    monkeypatch.setattr(environment.platform, "python_version", lambda: "3.10.1")

    assert part("Python").result == "other version"


def test_the_table_names_its_rows_and_columns_and_escapes_what_it_found():
    html = Environment((Part("numpy", "<b>", "2", "other version"),))._repr_html_()

    assert html.count('scope="col"') == 4
    assert '<th scope="row"' in html
    assert "&lt;b&gt;" in html


def test_the_advice_marks_commands_as_code():
    html = Environment((Part("torch", "", "2.13.0", "missing"),))._repr_html_()

    assert "<code>%pip install torch==2.13.0</code>" in html


def test_as_text_there_is_a_line_for_each_part_and_the_advice():
    lines = repr(check_environment()).splitlines()

    assert [line.split("  ")[0] for line in lines[:2]] == ["Python", "numpy"]
    assert lines[-1].startswith("What to do. ")
