"""Each cell, test or file that docs/claims/ names as showing a claim exists: a renamed one would leave it unproved."""

import re

import pytest

import solutions
from autograder.paths import ROOT

PAGES = sorted((ROOT / "docs" / "claims").glob("u*.md"))
NAMES = re.compile(r"`([^`]+)`")
CELLS = re.compile(r"\bcells? ((?:`[^`]+`(?:, | and )?)+)")
FOLDERS = ("tests/", "docs/", "solutions/", "rnnlab/")


def shown_by(page):
    """Return the last column of the table."""
    lines = page.read_text(encoding="utf-8").splitlines()
    return [line.rstrip(" |").rpartition(" | ")[2] for line in lines if line.startswith("| ")][1:]


@pytest.fixture(scope="module")
def tests():
    """Return the names of all test functions and of all test files."""
    files = list((ROOT / "tests").rglob("test_*.py"))
    functions = re.compile(r"^def (test_\w+)", re.MULTILINE)
    return {file.name for file in files} | {n for f in files for n in functions.findall(f.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_test_and_file_that_shows_a_claim_exists(page, tests):
    named = [name for text in shown_by(page) for name in NAMES.findall(text)]
    lacking = [name for name in named if name.startswith("test_") and name not in tests]
    lacking += [name for name in named if name.startswith(FOLDERS) and not list(ROOT.glob(name))]

    assert named
    assert lacking == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_cell_that_shows_a_claim_is_in_the_unit(page):
    keys = {cell.key for cell in solutions.unit(page.stem).cells}
    named = {name for text in shown_by(page) for group in CELLS.findall(text) for name in NAMES.findall(group)}

    assert named
    assert named - keys == set()


def test_every_unit_has_a_page():
    assert [page.stem for page in PAGES] == solutions.units()
