"""The files that pin versions agree with each other and with what is installed; set-up says what is missing."""

import re
import subprocess
import sys
import sysconfig
import tomllib
from importlib.metadata import distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from rnnlab.environment import LIBRARIES, PYTHON, VersionRange

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
GRADER = tomllib.loads((ROOT / "autograder/pyproject.toml").read_text())

OWN = {"rnnlab", "rnn-course-autograder"}
# Come with an ordinary (CUDA) build of torch, in the versions that torch itself names.
WITH_TORCH = re.compile(r"nvidia-|cuda-|triton")


def pins(lines: list[str]) -> dict[str, str]:
    """Return name → version of requirements that must all be exact."""
    requirements = [Requirement(line) for line in lines]
    for requirement in requirements:
        assert re.fullmatch(r"==[^*,]+", str(requirement.specifier)), f"{requirement} is not an exact pin"
    return {canonicalize_name(r.name): str(r.specifier).removeprefix("==") for r in requirements}


def constraints() -> dict[str, str]:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    return pins([line for line in lines if not line.startswith("#")])


def conda_lines() -> list[str]:
    return re.findall(r"^ *- (.+)$", (ROOT / "environment.yml").read_text(), re.MULTILINE)


def test_constraints_are_what_is_installed() -> None:
    # Not the whole of sys.path: setuptools, once imported, adds the libraries that it brings along.
    found = distributions(path=[sysconfig.get_path("purelib")])
    installed = {canonicalize_name(d.metadata["Name"]): Version(d.version).public for d in found}
    listed = {
        name: version for name, version in installed.items() if name not in {*OWN, "pip"} and not WITH_TORCH.match(name)
    }

    assert constraints() == listed


def test_the_extras_pin_what_constraints_pin() -> None:
    extras = PROJECT["project"]["optional-dependencies"].values()

    assert pins([line for extra in extras for line in extra]).items() <= constraints().items()


def ranges_tested() -> dict[str, VersionRange]:
    """Return what pyproject.toml says beside the students' dependencies."""
    lines = re.findall(
        r'^ +"([\w-]+)>=[\w.]+",  # tested: ([\w.]+) to ([\w.]+)$', (ROOT / "pyproject.toml").read_text(), re.M
    )
    return {name: VersionRange(lowest, highest) for name, lowest, highest in lines}


def test_students_get_ranges_that_begin_with_the_lowest_version_ranges_tested() -> None:
    needed = {r.name: str(r.specifier) for r in map(Requirement, PROJECT["project"]["dependencies"])}

    assert needed.keys() == ranges_tested().keys()
    for name, versions in ranges_tested().items():
        assert Version(needed[name].removeprefix(">=")) == Version(versions.lowest)


def test_the_highest_version_tested_is_the_one_in_constraints() -> None:
    assert {name: versions.highest for name, versions in ranges_tested().items()}.items() <= constraints().items()


def test_the_notebook_that_looks_at_the_installation_knows_the_same_versions() -> None:
    assert {name: ranges_tested()[name] for name in LIBRARIES} == LIBRARIES
    assert PROJECT["project"]["requires-python"] == f">={PYTHON.lowest}"


def test_environment_yml_pins_what_students_need_and_jupyterlab() -> None:
    conda = pins([line for line in conda_lines() if "==" in line])
    lab = pins(PROJECT["project"]["optional-dependencies"]["lab"])

    assert conda == {name: constraints()[name] for name in {*ranges_tested(), *lab}}
    assert "python=3.11" in conda_lines()


def test_environment_yml_names_the_wheel_of_this_version() -> None:
    assert f"./rnnlab-{PROJECT['project']['version']}-py3-none-any.whl" in (ROOT / "environment.yml").read_text()


def test_grader_depends_on_rnnlab_of_its_own_version() -> None:
    version = PROJECT["project"]["version"]

    assert GRADER["project"]["version"] == version
    assert GRADER["project"]["dependencies"] == [f"rnnlab[grading]=={version}"]


def test_students_wheel_declares_no_command() -> None:
    assert not {"scripts", "entry-points", "gui-scripts"} & PROJECT["project"].keys()


def stand_in(folder: Path, name: str, text: str) -> None:
    program = folder / name
    program.write_text(f"#!/bin/sh\n{text}\n")
    program.chmod(0o755)


def system_packages(path: Path, *packages: str) -> subprocess.CompletedProcess[str]:
    command = ["/bin/sh", str(ROOT / "tools/system-packages.sh"), *packages]
    return subprocess.run(command, env={"PATH": str(path)}, capture_output=True, text=True, check=True)


def test_system_packages_print_one_command_where_they_may_not_install(tmp_path: Path) -> None:
    stand_in(tmp_path, "id", "echo 1000")

    run = system_packages(tmp_path, "bubblewrap", "chromium")

    assert "sudo apt-get install -y bubblewrap chromium" in run.stdout
    assert run.stdout.count("\n") == 1


def test_system_packages_are_installed_by_root(tmp_path: Path) -> None:
    stand_in(tmp_path, "id", "echo 0")
    stand_in(tmp_path, "apt-get", f'echo "$@" >> {tmp_path}/calls')
    stand_in(tmp_path, "chromium", "")

    run = system_packages(tmp_path, "bubblewrap", "chromium")

    calls = (tmp_path / "calls").read_text().splitlines()
    assert ["update" in calls[0], "bubblewrap" in calls[1], "chromium" in calls[1]] == [True, True, False]
    assert run.stdout == "Installing bubblewrap.\n"


def test_system_packages_are_silent_when_all_is_there(tmp_path: Path) -> None:
    stand_in(tmp_path, "bwrap", "")

    assert system_packages(tmp_path, "bubblewrap").stdout == ""


@pytest.mark.postgresql
def test_a_server_that_is_on_no_path_is_found(tmp_path: Path) -> None:
    assert system_packages(tmp_path, "postgresql").stdout == ""


PASSED = "===== 3 passed in 0.10s =====\n"


@pytest.mark.parametrize(
    ("closing", "status"),
    [
        (f"{PASSED}{PASSED}===== 4 passed in 75.10s (0:01:15) =====", 0),
        (f"{PASSED}{PASSED}===== 3 passed, 1 skipped in 75.10s (0:01:15) =====", 1),
        (f"===== 1 passed, 2 skipped in 0.10s =====\n{PASSED}{PASSED}", 1),
        (f"{PASSED}{PASSED}===== 3 skipped in 0.10s =====", 1),
        (f"{PASSED}{PASSED}===== 7 deselected in 0.10s =====", 1),
        (f"{PASSED}{PASSED}", 1),
        ("", 1),
    ],
)
def test_ci_fails_when_a_test_was_skipped_or_a_phase_had_none(tmp_path: Path, closing: str, status: int) -> None:
    stand_in(tmp_path, "make", f"echo '{closing}'")

    run = subprocess.run(
        [ROOT / ".ci/run"], env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, capture_output=True, check=False
    )

    assert run.returncode == status


def test_ci_fails_when_make_test_fails(tmp_path: Path) -> None:
    stand_in(tmp_path, "make", "echo '===== 1 failed, 3 passed in 0.10s ====='; exit 2")

    run = subprocess.run(
        [ROOT / ".ci/run"], env={"PATH": f"{tmp_path}:/usr/bin:/bin"}, capture_output=True, check=False
    )

    assert run.returncode == 2


def test_citation_names_this_version() -> None:
    assert f"\nversion: {PROJECT['project']['version']}\n" in (ROOT / "CITATION.cff").read_text()


def test_the_hooks_before_a_commit_can_be_read_by_pre_commit() -> None:
    run = subprocess.run(
        [sys.executable, "-m", "pre_commit", "validate-config"], cwd=ROOT, capture_output=True, text=True, check=False
    )

    assert run.returncode == 0, run.stdout
