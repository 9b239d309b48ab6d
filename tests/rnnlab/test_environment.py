"""The check of a reader's installation: what it finds, what it advises, and that nothing makes it fail."""

import importlib
from importlib import metadata

import pytest

from rnnlab import environment
from rnnlab.environment import Environment, Part, check_environment
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
    assert found.advice == "Nothing: all is as the course was tested."


def test_the_tested_versions_are_those_that_the_package_asks_for(versions):
    asked = {line for line in metadata.requires("rnnlab") if ";" not in line}

    assert {f"{name}=={part(name).expected}" for name in ("numpy", "matplotlib", "torch", "jupyterlab")} <= asked


def test_a_build_of_the_tested_version_is_that_version(versions):
    versions["torch"] = f"{part('torch').expected}+cu130"

    assert part("torch").result == "as tested"


def test_another_version_is_a_warning_and_no_obstacle(versions):
    versions["numpy"] = "1.26.4"

    assert part("numpy") == Part("numpy", "1.26.4", part("numpy").expected, "other version")
    assert check_environment().advice.startswith("You can start.")


def test_a_missing_library_is_told_with_the_line_that_installs_it(versions, broken):
    versions["torch"] = None
    broken["torch"] = ModuleNotFoundError("No module named 'torch'")

    assert part("torch").result == "missing"
    assert f"`%pip install torch=={part('torch').expected}`" in check_environment().advice


def test_a_library_that_does_not_start_is_told_whatever_it_raises(broken):
    broken["matplotlib"] = OSError("a shared library is missing")

    assert part("matplotlib").result == "broken"
    assert "`%pip install matplotlib==" in check_environment().advice


def test_without_jupyterlab_one_can_start(versions):
    versions["jupyterlab"] = None

    assert part("jupyterlab").result == "missing"
    assert check_environment().advice.startswith("You can start.")


def test_missing_answers_are_told(monkeypatch, tmp_path):
    monkeypatch.setattr(environment.resources, "files", lambda package: tmp_path)

    assert part("answers of checks") == Part("answers of checks", "0 exercises", f"{len(SPECS)} exercises", "missing")
    assert "--force-reinstall" in check_environment().advice


def test_a_damaged_file_of_answers_counts_as_missing(monkeypatch, tmp_path):
    (tmp_path / "answers").mkdir()
    (tmp_path / "answers" / "u01_rnn_cell.json").write_text("[1")
    monkeypatch.setattr(environment.resources, "files", lambda package: tmp_path)

    assert part("answers of checks").result == "missing"


def test_a_package_that_was_never_installed_is_no_reason_to_fail(monkeypatch):
    def requires(name):
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(environment.metadata, "requires", requires)

    assert part("numpy").expected == ""


def test_another_python_is_told(monkeypatch):
    monkeypatch.setattr(environment.platform, "python_version", lambda: "3.12.1")

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
