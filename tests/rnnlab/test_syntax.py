"""The warning of syntax that the grader's Python cannot read, tried where a newer Python is at hand."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from rnnlab import checks, syntax

OLD = [
    "x = f\"{d['a']} {1:>{w}}\\n\"",
    'x = f"""{d["a"]}\n{b}"""',
    "x = f'{a}' + \"\\n\"  # f'{x}'",
    "x = f'{f\"{1}\"}'",
    "def f(:",
]
NEW = {
    'x = 1\nx = f"{d["a"]}"': "line 2: f-string with its own quotes in its braces",
    "x = f'{f'{1}'}'": "line 1: f-string with its own quotes in its braces",
    "x = f\"{'\\n'.join(a)}\"": "line 1: f-string with a backslash in its braces",
    "x = f'{\na}'": "line 1: f-string with a line break in its braces",
    'x = f"""{a # why\n}"""': "line 1: f-string with a comment in its braces",
    "type X = int": "line 1: Type statement is only supported in Python 3.12 and greater",
    "def f[T](x: T): pass": "line 1: Type parameter lists are only supported in Python 3.12 and greater",
}


def newer_python():
    """Return a Python of version 3.12 or later, None if there is none."""
    if sys.version_info >= (3, 12):
        return sys.executable
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"), "versions")
    found = sorted(map(str, versions.glob("3.1[2-9]*/bin/python")))
    return found[0] if found else shutil.which("python3.13") or shutil.which("python3.12")


def asked(python, source):
    program = f"import runpy; print(runpy.run_path({syntax.__file__!r})['newer_syntax']({source!r}))"
    return subprocess.run(
        [python, "-c", program], capture_output=True, text=True, timeout=60, check=True
    ).stdout.strip()


@pytest.mark.parametrize("source", OLD)
def test_what_the_grader_can_read_is_let_pass(source):
    assert syntax.newer_syntax(source) == ""
    if newer_python():
        assert asked(newer_python(), source) == ""


@pytest.mark.parametrize("source", NEW)
def test_what_only_a_newer_python_can_read_is_named_with_its_line(source):
    # Python 3.11 cannot say what later ones read: there such a cell does not run at all.
    assert newer_python() is None or asked(newer_python(), source) == NEW[source]


def test_the_check_warns_and_costs_nothing(monkeypatch):
    def num_params(D, H, C):
        return D * H + H * H + H + H * C + C

    monkeypatch.setattr(checks, "newer_syntax", lambda cell: "line 3: type statement" if "H * C + C" in cell else "")
    result = checks.marks(num_params)

    assert result.status == "pass"
    assert result.message.endswith(
        "The grader has Python 3.11 and cannot read this cell: line 3: type statement. "
        "Write it in the older way, or the cell will not run there."
    )
