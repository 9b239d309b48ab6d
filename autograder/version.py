"""Versions: digests of what decides a verdict, and of what decides how it is shown."""

from __future__ import annotations

import ast
import hashlib
import platform
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

from autograder.paths import ROOT, student_path

DIGITS = 12
LIBRARIES = ("numpy", "torch", "ipython")
# These decide the verdicts on every unit.
DECIDING = (
    "rnnlab/checking",
    "autograder/notebook",
    "autograder/judging",
    "autograder/sandbox",
    "autograder/untrusted_text.py",
)
# Lies in one of them, but only inspects the machine.
DOCTOR = "autograder/sandbox/doctor.py"
# Units import these for display only: no answer depends on them.
SHOWING = ("rnnlab/plots", "rnnlab/checks.py", "rnnlab/__init__.py")
PAGES = ("autograder/pages", "rnnlab/table.py", "autograder/results.py", "autograder/untrusted_text.py")


@cache
def course_version(unit: str) -> str:
    """Return twelve hexadecimal digits that change when a verdict on a submission to ``unit`` may change.

    It covers the sources of the checks, the unit's spec, reference answers and known mistakes, what those import,
    the judge and its sandbox, the released notebook, and the versions of Python and of the numerical libraries.
    """
    libraries = [f"python {platform.python_version()}", *(f"{name} {version(name)}" for name in LIBRARIES)]
    return _digest(libraries, _deciding(unit))


@cache
def pages_version() -> str:
    """Return twelve hexadecimal digits that change when the feedback page of a judged submission may look different."""
    return _digest([], sorted(path for name in PAGES for path in _files(name)))


def _digest(facts: Iterable[str], paths: Iterable[Path]) -> str:
    digest = hashlib.sha256("".join(f"{fact}\n" for fact in facts).encode())
    for path in paths:
        content = path.read_bytes()
        digest.update(f"{path.relative_to(ROOT)} {len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()[:DIGITS]


def _deciding(unit: str) -> Iterator[Path]:
    for name in DECIDING:
        yield from (path for path in _files(name) if path != ROOT / DOCTOR)
    solutions = ROOT / "solutions"
    yield from (solutions / name for name in ("__init__.py", "text.py", "variants.py", "mistakes.py"))
    unit_files = [
        ROOT / "rnnlab" / "specs" / f"{unit}.py",
        solutions / unit / "text.py",
        solutions / unit / "mistakes.py",
    ]
    yield from sorted(_with_imports(path for path in unit_files if path.exists()))
    yield student_path(unit)


def _files(name: str) -> list[Path]:
    """Return the file ``name``, or the files in the folder ``name`` and below, sorted."""
    path = ROOT / name
    found = sorted(path.rglob("*")) if path.is_dir() else [path]
    return [path for path in found if path.is_file() and path.suffix != ".pyc"]


def _with_imports(paths: Iterable[Path]) -> set[Path]:
    """Return ``paths`` and the modules of the project that they import, and what those import, and so on."""
    waiting, found = list(paths), set[Path]()
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += [module for name in _imported(path) for module in _modules(name)]
    return found


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _modules(name: str) -> list[Path]:
    """Return the file of the module ``name`` if it is a module of rnnlab that may affect verdicts."""
    if not name.startswith("rnnlab."):
        return []
    path = ROOT / f"{name.replace('.', '/')}.py"
    shows = any(path.is_relative_to(ROOT / folder) for folder in SHOWING)
    return [path] if path.is_file() and not shows else []
