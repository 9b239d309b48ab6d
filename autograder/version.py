"""The version of the course: a digest of everything that decides a verdict."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

from autograder.paths import ROOT, student_path

DIGITS = 12
LIBRARIES = ("numpy", "torch", "ipython")
# What is in these folders decides verdicts; the rest of the autograder hands out, records and reports.
DECIDING = ("rnnlab", "autograder/sandbox", "autograder/judging")


@cache
def course_version(unit: str) -> str:
    """Return twelve hexadecimal digits that change when a verdict on a submission to ``unit`` may change.

    They stand for the sources of the checks, the unit's reference answers and known mistakes, the judge and its
    sandbox, the released notebook, and the versions of Python and of the libraries that compute.
    """
    digest = hashlib.sha256(f"python {platform.python_version()}\n".encode())
    for library in LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    for path in _sources(unit):
        content = path.read_bytes()
        digest.update(f"{path.relative_to(ROOT)} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:DIGITS]


def _sources(unit: str) -> Iterator[Path]:
    for folder in DECIDING:
        yield from sorted((ROOT / folder).rglob("*.py"))
    solutions = ROOT / "solutions"
    yield from (solutions / name for name in ("__init__.py", "text.py", "mistakes.py"))
    yield from sorted((solutions / unit).glob("*.py"))
    yield student_path(unit)
