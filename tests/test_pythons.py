"""Python 3.11 and later: the lock can be resolved for each, and the students' package works on those that are here."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from autograder.build import write_zip
from autograder.paths import DIST

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
OTHERS = ("3.12", "3.13", "3.14")

pytestmark = pytest.mark.slow

# A right answer, a wrong one, and what the checks must say of them; NumPy is all that they need.
CHECKED = """
import numpy as np
from rnnlab.checks import marks

def num_params(D, H, C):
    return D * H + H * H + H + H * C + C

assert marks(num_params).status == "pass", marks(num_params)

def num_params(D, H, C):
    return D * H + H * H

assert marks(num_params).status == "fail", marks(num_params)
"""


def runs(version: str) -> str | None:
    """Return the path of that Python on this machine, None if it is not here or does not start."""
    found = shutil.which(f"python{version}")
    for path in [found, *map(str, Path.home().glob(f".pyenv/versions/{version}.*/bin/python3"))]:
        if path and subprocess.run([path, "-c", ""], capture_output=True, check=False).returncode == 0:
            return path
    return None


def pip(*arguments: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "-q", *arguments]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> None:
    _, errors = process.communicate()
    assert process.returncode == 0, errors


def test_the_lock_can_be_resolved_for_later_pythons(tmp_path: Path) -> None:
    extras = [line for extra in PROJECT["optional-dependencies"].values() for line in extra]
    wanted = ["-t", str(tmp_path), *PROJECT["dependencies"], *extras, "-c", "constraints.txt"]

    # At the same time: pip mostly waits.
    resolutions = [
        pip("install", "--dry-run", "--python-version", version, "--only-binary=:all:", *wanted) for version in OTHERS
    ]

    for resolution in resolutions:
        finish(resolution)


def test_checks_work_on_every_other_python_that_is_here(tmp_path: Path) -> None:
    write_zip()
    (wheel,) = DIST.glob("*.whl")
    for version, python in [(version, runs(version)) for version in OTHERS]:
        if python is None:
            continue
        target = tmp_path / version
        # PyTorch is left out: its size says nothing about us, and these checks do not need it.
        libraries = ("numpy", "matplotlib", "ipython")
        finish(pip("--python", python, "install", "-t", str(target), "-c", "constraints.txt", *libraries))
        finish(pip("--python", python, "install", "-t", str(target), "--no-deps", str(wheel)))
        environment = {**os.environ, "PYTHONPATH": str(target)}
        run = subprocess.run(
            [python, "-W", "error", "-c", CHECKED], env=environment, cwd=tmp_path, capture_output=True, text=True
        )
        assert run.returncode == 0, f"Python {version}: {run.stderr}"
