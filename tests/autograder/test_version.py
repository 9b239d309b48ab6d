"""The course's version changes with everything that decides a verdict, and with nothing else."""

import shutil

import pytest

from autograder import version
from autograder.paths import ROOT

UNIT = "u01_rnn_cell"


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A copy of what the version is computed from; it is computed anew at each call."""
    for folder in ("rnnlab", "autograder", "solutions", "notebooks"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(version, "ROOT", tmp_path)
    monkeypatch.setattr(version, "student_path", lambda unit: tmp_path / "notebooks" / "en" / unit / f"{unit}.ipynb")
    return tmp_path


def version_of(unit):
    return version.course_version.__wrapped__(unit)


def test_the_version_is_twelve_digits_and_the_same_every_time(checkout):
    assert version_of(UNIT) == version_of(UNIT)
    assert len(version_of(UNIT)) == 12
    assert version_of(UNIT) == version.course_version(UNIT)


@pytest.mark.parametrize(
    "name",
    [
        "rnnlab/checking/compare.py",
        f"rnnlab/specs/{UNIT}.py",
        f"solutions/{UNIT}/text.py",
        f"solutions/{UNIT}/mistakes.py",
        "autograder/judging/judge.py",
        "autograder/sandbox/bubblewrap.py",
        "autograder/sandbox/limits.py",
        "autograder/sandbox/inside/agent.py",
        "autograder/untrusted_text.py",
        f"notebooks/en/{UNIT}/{UNIT}.ipynb",
    ],
)
def test_it_changes_with_what_decides_a_verdict(checkout, name):
    before = version_of(UNIT)
    with (checkout / name).open("a") as file:
        file.write("\n")

    assert version_of(UNIT) != before


def test_it_changes_with_a_library(checkout, monkeypatch):
    before = version_of(UNIT)
    monkeypatch.setattr(version, "version", lambda library: "0.1")

    assert version_of(UNIT) != before


@pytest.mark.parametrize(
    "name",
    [
        "autograder/pages/report.py",
        "autograder/grading/pool.py",
        "autograder/sandbox/doctor.py",
        "rnnlab/plots/gru.py",
        "rnnlab/photos.py",
        "rnnlab/specs/u02_bptt.py",
        "solutions/u02_bptt/text.py",
    ],
)
def test_it_does_not_change_with_pages_figures_or_other_units(checkout, name):
    before = version_of(UNIT)
    (checkout / name).write_text("")

    assert version_of(UNIT) == before


def test_it_changes_with_a_module_that_a_units_rules_import(checkout):
    before = version_of(UNIT)
    (checkout / "rnnlab/data.py").write_text("")

    assert version_of(UNIT) != before


def test_pages_have_a_version_of_their_own(checkout):
    before, course = version.pages_version.__wrapped__(), version_of(UNIT)
    (checkout / "autograder/pages/templates/feedback.css").write_text("")

    assert version.pages_version.__wrapped__() != before
    assert version_of(UNIT) == course


def test_what_is_said_to_decide_exists():
    assert all(version._files(name) for name in version.DECIDING)
