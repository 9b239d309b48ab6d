"""Compares this notebook's Python with what the course needs: versions, and the answers for the checks."""

from __future__ import annotations

import importlib
import json
import platform
import re
from dataclasses import dataclass
from html import escape
from importlib import metadata, resources
from typing import Literal

from rnnlab.specs import UNITS
from rnnlab.table import CAPTION, CELL, HINT, TABLE

Result = Literal["as tested", "other version", "missing", "broken"]


@dataclass(frozen=True)
class VersionRange:
    """The lowest and the highest version with which the course was tested."""

    lowest: str
    highest: str

    def covers(self, version: str) -> bool:
        """Return whether ``version`` is in the range, or a patch release of the highest."""
        found, lowest, highest = (_numbers(text) for text in (version, self.lowest, self.highest))
        return lowest <= found and found[: len(highest)] <= highest

    def __str__(self) -> str:
        return f"{self.lowest} to {self.highest}"


# The same ranges as in pyproject.toml, beside the dependencies.
PYTHON = VersionRange("3.11", "3.14")
LIBRARIES = {
    "numpy": VersionRange("2.0.0", "2.4.6"),
    "matplotlib": VersionRange("3.9.0", "3.11.2"),
    "torch": VersionRange("2.4.0", "2.13.0"),
}

RESULT_LABELS = {
    "as tested": "✓ as tested",
    "other version": "! other version",
    "missing": "✗ missing",
    "broken": "✗ does not start",
}
INSTALL = (
    "To get {them}, run `%pip install {pins}` in a new cell, restart the kernel (menu Kernel), and run this again."
)
REINSTALL = "Install the course's package once more: `%pip install --force-reinstall --no-deps` and the wheel's path."


@dataclass(frozen=True)
class Part:
    """One requirement of the course: what was found ("" for nothing), and what the course was tested with."""

    name: str
    found: str
    expected: str
    result: Result


@dataclass(frozen=True)
class Environment:
    """The state of all requirements, shown in a notebook as HTML, or as plain text."""

    parts: tuple[Part, ...]

    @property
    def advice(self) -> str:
        """What the reader should do, in one or two sentences."""
        wrong = [part for part in self.parts if part.result in ("missing", "broken")]
        needed = [part for part in wrong if part.name in LIBRARIES]
        advice = []
        if needed:
            pins = " ".join(f"{part.name}=={LIBRARIES[part.name].highest}" for part in needed)
            advice.append(INSTALL.format(them=" and ".join(part.name for part in needed), pins=pins))
        if len(wrong) > len(needed):
            advice.append(REINSTALL)
        if not wrong and any(part.result != "as tested" for part in self.parts):
            advice.append("You can start. With other versions the last digits of printed numbers may differ.")
        return " ".join(advice) or "Nothing: all versions are as tested."

    def _repr_html_(self) -> str:
        titles = ("Part", "Found", "Tested with", "Result")
        head = "".join(f'<th scope="col" style="{CELL}">{title}</th>' for title in titles)
        body = "".join(_row(part) for part in self.parts)
        advice = re.sub("`([^`]+)`", r"<code>\1</code>", escape(self.advice))
        return (
            f'<table style="{TABLE}"><caption style="{CAPTION}">Environment</caption>'
            f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
            f'<p style="{HINT}"><strong>What to do.</strong> {advice}</p>'
        )

    def __repr__(self) -> str:
        lines = [
            f"{p.name:<18} {p.found or '–':<14} {p.expected or '–':<14} {RESULT_LABELS[p.result]}" for p in self.parts
        ]
        return "\n".join([*lines, f"What to do. {self.advice}"])


def _row(part: Part) -> str:
    cells = (part.found or "–", part.expected or "–", RESULT_LABELS[part.result])
    columns = "".join(f'<td style="{CELL}">{escape(cell)}</td>' for cell in cells)
    return f'<tr><th scope="row" style="{CELL};font-weight:normal">{escape(part.name)}</th>{columns}</tr>'


def check_environment() -> Environment:
    """Return the state of all requirements; never raises, whatever is missing or broken."""
    parts = [_part("Python", platform.python_version(), PYTHON)]
    parts += [_library(name, tested) for name, tested in LIBRARIES.items()]
    return Environment((*parts, _answers()))


def _part(name: str, found: str, tested: VersionRange) -> Part:
    return Part(name, found, str(tested), "as tested" if tested.covers(found) else "other version")


def _numbers(version: str) -> tuple[int, ...]:
    """Return the numbers of a version: (2, 13, 0) for "2.13.0+cpu" or "2.13.0rc1"."""
    found = re.match(r"\d+(?:\.\d+)*", version)
    return tuple(map(int, found[0].split("."))) if found else ()


def _library(name: str, tested: VersionRange) -> Part:
    try:
        part = _part(name, metadata.version(name).partition("+")[0], tested)  # 2.13.0+cpu is a build of 2.13.0
    except metadata.PackageNotFoundError:
        part = Part(name, "", str(tested), "missing")
    try:
        importlib.import_module(name)
    except Exception:
        # A half-installed library may raise anything.
        return Part(name, part.found, part.expected, "broken" if part.found else "missing")
    return part


def _answers() -> Part:
    """Return whether the package holds the public answers of all exercises."""
    there = sum(len({spec.name for spec in specs} & _answered(unit)) for unit, specs in UNITS.items())
    total = sum(len(specs) for specs in UNITS.values())
    return Part("answers of checks", f"{there} exercises", f"{total} exercises", _complete(there, total))


def _complete(there: int, total: int) -> Result:
    return "as tested" if there == total else "missing"


def _answered(unit: str) -> set[str]:
    path = resources.files("rnnlab") / "answers" / f"{unit}.json"
    try:
        return set(json.loads(path.read_text(encoding="utf-8"))["exercises"])
    except (OSError, ValueError, KeyError, TypeError):
        return set()
