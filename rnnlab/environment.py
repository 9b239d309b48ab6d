"""What the course needs and what this notebook's Python has: versions, and the answers behind the checks."""

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

PYTHON = "3.11"
LIBRARIES = ("numpy", "matplotlib", "torch")
LAB = "jupyterlab"

WORDS = {
    "as tested": "✓ as tested",
    "other version": "! other version",
    "missing": "✗ missing",
    "broken": "✗ does not start",
}
INSTALL = (
    "To get {them}, run `%pip install {pins}` in a new cell, restart the kernel (menu Kernel), and run this again."
)
ANSWERS = "Install the course's package once more: `%pip install --force-reinstall --no-deps` and the wheel's path."


@dataclass(frozen=True)
class Part:
    """One thing that the course needs: what was found ("" for nothing), what the course was tested with."""

    name: str
    found: str
    expected: str
    result: Result


@dataclass(frozen=True)
class Environment:
    """What was found of all that the course needs, as a notebook shows it: HTML, or plain text."""

    parts: tuple[Part, ...]

    @property
    def advice(self) -> str:
        """What the reader should do, in a sentence or two."""
        wrong = [part for part in self.parts if part.result in ("missing", "broken") and part.name != LAB]
        needed = [part for part in wrong if part.name in LIBRARIES]
        said = []
        if needed:
            pins = " ".join(f"{part.name}=={part.expected}" if part.expected else part.name for part in needed)
            said.append(INSTALL.format(them=" and ".join(part.name for part in needed), pins=pins))
        if len(wrong) > len(needed):
            said.append(ANSWERS)
        if not wrong and any(part.result != "as tested" for part in self.parts):
            said.append("You can start. With other versions the last digits of printed numbers may differ.")
        return " ".join(said) or "Nothing: all is as the course was tested."

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
        lines = [f"{p.name:<18} {p.found or '–':<14} {p.expected or '–':<14} {WORDS[p.result]}" for p in self.parts]
        return "\n".join([*lines, f"What to do. {self.advice}"])


def _row(part: Part) -> str:
    cells = (part.found or "–", part.expected or "–", WORDS[part.result])
    columns = "".join(f'<td style="{CELL}">{escape(cell)}</td>' for cell in cells)
    return f'<tr><th scope="row" style="{CELL};font-weight:normal">{escape(part.name)}</th>{columns}</tr>'


def check_environment() -> Environment:
    """Return what is found of all that the course needs; raises nothing, whatever is missing or broken."""
    tested = _tested_with()
    python = platform.python_version()
    result: Result = "as tested" if python.startswith(f"{PYTHON}.") else "other version"
    parts = [Part("Python", python, PYTHON, result)]
    parts += [_library(name, tested.get(name, "")) for name in LIBRARIES]
    parts += [_version(LAB, tested.get(LAB, "")), _answers()]
    return Environment(tuple(parts))


def _tested_with() -> dict[str, str]:
    """Return name → version of what the installed package asks for; empty where it is not installed as one."""
    try:
        lines = metadata.requires("rnnlab") or []
    except metadata.PackageNotFoundError:
        return {}
    return {pin[1]: pin[2] for line in lines if (pin := re.fullmatch(r"([\w-]+)==([\w.]+)", line))}


def _version(name: str, expected: str) -> Part:
    try:
        found = metadata.version(name).partition("+")[0]  # 2.13.0+cpu is a build of 2.13.0
    except metadata.PackageNotFoundError:
        return Part(name, "", expected, "missing")
    return Part(name, found, expected, "as tested" if found == expected else "other version")


def _library(name: str, expected: str) -> Part:
    part = _version(name, expected)
    try:
        importlib.import_module(name)
    except Exception:
        # What a half-installed library raises is anybody's guess.
        return Part(name, part.found, expected, "broken" if part.found else "missing")
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
