"""A notebook handed to the command, as a reader of verdicts has it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbformat import NotebookNode
from typer.testing import CliRunner

from autograder.cli import app
from tests.autograder.submissions import UNIT

Judge = Callable[[NotebookNode], dict[str, dict[str, Any]]]


@pytest.fixture
def verdicts(tmp_path: Path) -> Judge:
    """Hand a notebook in to `autograder verdict --json`, and return the records by exercise."""

    def judge(nb: NotebookNode) -> dict[str, dict[str, Any]]:
        path = tmp_path / f"{UNIT}.ipynb"
        nbformat.write(nb, path)
        done = CliRunner().invoke(app, ["verdict", str(path), "--json", "--seed", "7"])
        assert done.exit_code == 0, done.output
        return {record["exercise"]: record for record in json.loads(done.stdout)}

    return judge
